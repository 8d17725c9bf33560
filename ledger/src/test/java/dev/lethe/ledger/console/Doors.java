package dev.lethe.ledger.console;

import dev.lethe.config.ConfigFile;
import dev.lethe.events.Keys;
import dev.lethe.health.Telemetry;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.ledger.certificate.Certificates;
import dev.lethe.ledger.journal.JournalWriter;
import dev.lethe.ledger.keys.LedgerKeys;
import dev.lethe.ledger.opendsr.OpenDsr;
import dev.lethe.ledger.opendsr.Processor;
import io.javalin.Javalin;
import io.javalin.router.Endpoint;
import io.javalin.security.Roles;
import io.javalin.security.RouteRole;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/** A console with neither a broker nor a database behind it: enough for who is let in, and who is not. */
public final class Doors implements AutoCloseable {
    public static final String OPERATOR = "operator-operator-operator";
    public static final String VIEWER = "viewer-viewer-viewer";

    public static final String CONTROLLER = "controller-controller-controller";

    private final JournalWriter journal;
    private final ConsoleServer server;

    private Doors(JournalWriter journal, ConsoleServer server) {
        this.journal = journal;
        this.server = server;
    }

    public static Doors open(Path folder) throws Exception {
        String yaml = """
                http: { host: 127.0.0.1, port: 0 }
                access:
                  tokens:
                    office: { token: %s, role: operator }
                    auditor: { token: %s }
                opendsr:
                  publicUrl: https://opendsr.example.com
                  certificate: "%s"
                  key: "%s"
                  controllers:
                    acme:
                      token: %s
                      callbacks: [ "https://acme.example.com/opendsr/callbacks?secret=s3cret" ]
                """.formatted(
                        OPERATOR, VIEWER, folder.resolve("opendsr.pem"), folder.resolve("opendsr.key"), CONTROLLER);
        Processor.create("RSA", "opendsr.example.com").write(folder);
        ConsoleConfig config = ConfigFile.parse(
                        "ledger.yaml", yaml, Map.of(), file -> ConsoleConfig.read(file, List.of("shop")))
                .config();
        Jdbi nowhere = Jdbi.create("jdbc:postgresql://127.0.0.1:1/none");
        var clock = InstantSource.system();
        var kafka = new KafkaConfig(Map.of("bootstrap.servers", "127.0.0.1:1", "max.block.ms", "100"));
        var telemetry = new Telemetry();
        var journal = new JournalWriter(kafka, telemetry);
        return new Doors(
                journal,
                new ConsoleServer(
                        config,
                        kafka,
                        Keys.create(),
                        nowhere,
                        new Certificates(nowhere, LedgerKeys.create(), "test", clock),
                        journal,
                        () -> 0,
                        Optional.of(OpenDsr.load(config.openDsr().orElseThrow())),
                        telemetry,
                        clock));
    }

    /** What Javalin has registered is nowhere but in the private server. */
    public List<Endpoint> endpoints() throws ReflectiveOperationException {
        var field = ConsoleServer.class.getDeclaredField("server");
        field.setAccessible(true);
        return ((Javalin) field.get(server))
                .unsafe.internalRouter.allHttpHandlers().stream()
                        .map(handler -> handler.endpoint)
                        .toList();
    }

    public Set<RouteRole> rolesOf(Endpoint endpoint) {
        Roles roles = endpoint.metadata(Roles.class);
        return roles == null ? Set.of() : roles.getRoles();
    }

    /** Somebody's browser; it follows nobody. */
    public static HttpClient browser() {
        return HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    }

    public HttpResponse<String> get(HttpClient browser, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(address(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return browser.send(request.build(), BodyHandlers.ofString());
    }

    public HttpResponse<String> post(HttpClient browser, String path, String body, String... headers) throws Exception {
        return browser.send(
                HttpRequest.newBuilder(address(path))
                        .headers(headers)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    public URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    @Override
    public void close() {
        server.close();
        journal.close();
    }
}
