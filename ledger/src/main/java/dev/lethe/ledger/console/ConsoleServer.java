package dev.lethe.ledger.console;

import dev.lethe.events.Keys;
import dev.lethe.events.TopicDefinition;
import dev.lethe.health.Telemetry;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.kafka.RequestLog;
import dev.lethe.ledger.access.Gate;
import dev.lethe.ledger.access.Role;
import dev.lethe.ledger.action.ActionLog;
import dev.lethe.ledger.api.Api;
import dev.lethe.ledger.api.DeadLetterApi;
import dev.lethe.ledger.certificate.Certificates;
import dev.lethe.ledger.intake.Intake;
import dev.lethe.ledger.journal.JournalWriter;
import dev.lethe.ledger.lanes.DeadLetterDesk;
import dev.lethe.ledger.lanes.LaneBoard;
import dev.lethe.ledger.opendsr.Docket;
import dev.lethe.ledger.opendsr.OpenDsr;
import dev.lethe.ledger.opendsr.OpenDsrApi;
import dev.lethe.ledger.opendsr.OpenDsrConfig;
import dev.lethe.ledger.request.Figures;
import dev.lethe.ledger.request.Requests;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/** Everything that people and programs reach the ledger by, wired. Starts in the constructor. */
public final class ConsoleServer implements AutoCloseable {
    private static final long MOST_BYTES = 256 * 1024;

    private final ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor();
    private final LaneBoard lanes;
    private final DeadLetterDesk desk;
    private final RequestLog log;
    private final Optional<RequestLog> held;
    private final Live live;
    private final Javalin server;

    /**
     * @param journal takes what people and programs do; whoever made it closes it
     * @param journalEnd where the journal ends
     * @param openDsr there if it is configured
     */
    public ConsoleServer(
            ConsoleConfig config,
            KafkaConfig kafka,
            Keys keys,
            Jdbi jdbi,
            Certificates certificates,
            JournalWriter journal,
            LongSupplier journalEnd,
            Optional<OpenDsr> openDsr,
            Telemetry telemetry,
            InstantSource clock) {
        lanes = new LaneBoard(kafka, config.lanes(), clock);
        desk = new DeadLetterDesk(kafka, config.lanes(), keys, clock);
        var actions = new ActionLog(journal, clock);
        log = new RequestLog(kafka, "lethe-ledger", TopicDefinition.REQUESTS, virtual, telemetry);
        held = openDsr.map(any -> new RequestLog(kafka, "lethe-ledger-held", TopicDefinition.HELD, virtual, telemetry));
        live = new Live(() -> jdbi.withHandle(handle -> handle.createQuery("select next_offset from journal")
                .mapTo(Long.class)
                .one()));
        lanes.onChange(live::changed);
        var gate = new Gate(
                config.access(), config.openDsr().map(OpenDsrConfig::tokens).orElse(List.of()), keys, clock);
        var requests = new Requests(jdbi);
        var figures = new Figures(jdbi);
        var intake = new Intake(keys, log, clock, config.dueWithin());
        var assets = new Assets();
        var pages = new Pages(assets, requests::deadLetterCount);
        boolean secure = config.access().isSecure();
        server = Javalin.create(javalin -> {
                    javalin.startup.showJavalinBanner = false;
                    javalin.startup.showOldJavalinVersionWarning = false;
                    javalin.concurrency.useVirtualThreads = true;
                    javalin.http.maxRequestSize = MOST_BYTES;
                    javalin.jetty.host = config.http().host();
                    javalin.jetty.port = config.http().port();
                    RoutesConfig routes = javalin.routes;
                    routes.before(ctx -> Guarded.answer(ctx, secure));
                    gate.install(routes);
                    routes.get(Assets.ROUTE, assets::serve, Role.ANYBODY);
                    new SignInPages(gate, pages, actions).install(routes);
                    new Requesting(pages, intake, actions).install(routes);
                    new Console(pages, requests, figures, lanes, intake, actions, clock).install(routes);
                    new CertificatePages(pages, certificates, actions).install(routes);
                    new Deciding(pages, requests, lanes, desk, actions, clock).install(routes);
                    new Api(requests, figures, lanes, intake, actions, clock).install(routes);
                    new DeadLetterApi(requests, lanes, desk, actions).install(routes);
                    openDsr.ifPresent(it -> new OpenDsrApi(
                                    it,
                                    new Docket(jdbi),
                                    requests,
                                    intake,
                                    held.orElseThrow(),
                                    journal,
                                    actions,
                                    journalEnd,
                                    clock)
                            .install(routes));
                    for (String path : List.of("/console/events", "/events")) {
                        routes.sse(path, client -> live.join(client, gate.stillKnown(client.ctx())), Role.VIEWER);
                    }
                    new Failures(pages).install(routes);
                })
                .start();
    }

    /** What stands in the way of requests; asked now and then, so that a first one has not to wait. */
    public List<String> problems() {
        return Stream.concat(Stream.of(log), held.stream())
                .flatMap(topic -> topic.problems().stream())
                .toList();
    }

    /** The port on which it listens. */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        live.close();
        server.stop();
        lanes.close();
        desk.close();
        log.close();
        held.ifPresent(RequestLog::close);
        virtual.close();
    }
}
