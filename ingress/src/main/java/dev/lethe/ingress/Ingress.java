package dev.lethe.ingress;

import dev.lethe.config.MisconfiguredException;
import dev.lethe.events.Keys;
import dev.lethe.events.TopicDefinition;
import dev.lethe.health.Health;
import dev.lethe.health.ManagementServer;
import dev.lethe.health.RecurringCheck;
import dev.lethe.health.Telemetry;
import dev.lethe.ingress.authentication.Authentication;
import dev.lethe.ingress.tls.TlsConnections;
import dev.lethe.kafka.RequestLog;
import dev.lethe.kafka.Topics;
import dev.lethe.keys.KeyFile;
import io.javalin.Javalin;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;

/** The whole service, wired. Starts in the constructor; not ready before Kafka and its topics are. */
public final class Ingress implements AutoCloseable, Health {
    private final ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor();
    private final Telemetry telemetry = new Telemetry();
    private final Optional<TlsConnections> tls;
    private final List<Authentication> authentications;
    private final Admin admin;
    private final RequestLog requests;
    private final RecurringCheck topicCheck;
    private final RecurringCheck logCheck;
    private final Javalin server;
    private final Thread rehearsal;
    private final ManagementServer management;
    private volatile boolean stopping;

    public Ingress(IngressConfig config, InstantSource clock) throws MisconfiguredException {
        Keys keys = KeyFile.load(config.keys());
        tls = config.http().tls().isPresent()
                ? Optional.of(new TlsConnections(config.http().tls().get(), clock))
                : Optional.empty();
        authentications = config.authentication().open(clock);
        admin = config.kafka().admin("lethe-ingress-admin");
        TopicDefinition topic = config.confirmation().topic();
        requests = new RequestLog(config.kafka(), "lethe-ingress", topic.name(), virtual, telemetry);
        var topics = new Topics(admin, config.durability());
        topicCheck = new RecurringCheck(
                "topics", () -> topics.problems(config.confirmation().topics()));
        logCheck = new RecurringCheck("erasure log", requests::problems);
        var capacity =
                new Capacity(config.http().maxInFlightRequests(), config.http().maxInFlightBytes());
        var metrics = new IngressMetrics(telemetry.registry(), capacity);
        tls.ifPresent(metrics::observe);
        var endpoint = new WebhookEndpoint(
                capacity,
                new BodyReader(config.http().maxBodyBytes()),
                authentications,
                new EventReader(config.events(), config.confirmation()),
                keys,
                requests,
                metrics,
                virtual,
                clock,
                config.dueWithin());
        server = Javalin.create(javalin -> {
                    new HttpListener(config.http(), tls, metrics).install(javalin);
                    javalin.routes.post(WebhookEndpoint.PATH, endpoint);
                })
                .start();
        OptionalInt plainPort = tls.isEmpty() ? OptionalInt.of(port()) : OptionalInt.empty();
        rehearsal = Thread.ofVirtual().name("rehearsal").start(() -> Rehearsal.of(endpoint, plainPort));
        management =
                new ManagementServer(config.management(), this, telemetry, Map.of("/openapi.json", OpenApi::document));
    }

    /** The port on which webhooks are received. */
    public int port() {
        return server.port();
    }

    /** The port on which probes are answered. */
    public int managementPort() {
        return management.port();
    }

    @Override
    public List<String> problems() {
        var problems = new ArrayList<>(topicCheck.problems());
        problems.addAll(logCheck.problems());
        authentications.forEach(authentication -> problems.addAll(authentication.problems()));
        if (rehearsal.isAlive()) {
            problems.add("the service is warming up");
        }
        if (stopping) {
            problems.add("the service is stopping");
        }
        return problems;
    }

    @Override
    public List<String> degradations() {
        return tls.map(TlsConnections::problems).orElse(List.of());
    }

    /** Answers what is in hand, then ends; at most about 8 s. */
    @Override
    public void close() {
        stopping = true;
        server.stop();
        requests.close();
        virtual.close();
        authentications.forEach(Authentication::close);
        tls.ifPresent(TlsConnections::close);
        topicCheck.close();
        logCheck.close();
        admin.close(Duration.ofSeconds(1));
        management.close();
        telemetry.close();
    }
}
