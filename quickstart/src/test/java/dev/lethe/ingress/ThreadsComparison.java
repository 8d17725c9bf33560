package dev.lethe.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.config.ConfigFile;
import dev.lethe.events.Durability;
import dev.lethe.events.Keys;
import dev.lethe.events.Subject;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.Trigger;
import dev.lethe.health.Telemetry;
import dev.lethe.ingress.WebhookEvent.Deletion;
import dev.lethe.ingress.authentication.Authentication;
import dev.lethe.kafka.RequestLog;
import dev.lethe.kafka.Topics;
import dev.lethe.keys.KeyFile;
import dev.lethe.quickstart.server.KafkaServer;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The measurement of docs/decisions/0005; not one of the tests that {@code mvn verify} runs. The page says how to repeat it. */
class ThreadsComparison {
    private static final Logger log = LoggerFactory.getLogger(ThreadsComparison.class);
    private static final int ROUNDS = 3;
    private static final Duration LENGTH = Duration.ofSeconds(6);
    private static final List<Integer> CONNECTIONS = List.of(32, 256);

    @TempDir
    Path folder;

    private enum Way {
        PLATFORM_THREADS_ASYNC,
        VIRTUAL_THREADS_ASYNC,
        VIRTUAL_THREADS_BLOCKING
    }

    @Test
    void acceptedEventsPerSecond() throws Exception {
        try (KafkaServer kafka = KafkaServer.start(folder.resolve("kafka"));
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
                var telemetry = new Telemetry();
                ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            new Topics(admin, Durability.SINGLE_NODE).create(List.of(TopicDefinition.requests()));
            IngressConfig config = config(kafka);
            Keys keys = KeyFile.create(config.keys());
            List<Authentication> authentications = config.authentication().open(InstantSource.system());
            try (var requests =
                    new RequestLog(config.kafka(), "lethe-ingress", TopicDefinition.REQUESTS, virtual, telemetry)) {
                var capacity = new Capacity(
                        config.http().maxInFlightRequests(), config.http().maxInFlightBytes());
                var metrics = new IngressMetrics(telemetry.registry(), capacity);
                var events = new EventReader(config.events(), config.confirmation());
                var async = new WebhookEndpoint(
                        capacity,
                        new BodyReader(config.http().maxBodyBytes()),
                        authentications,
                        events,
                        keys,
                        requests,
                        metrics,
                        virtual,
                        InstantSource.system(),
                        config.dueWithin());
                Handler blocking = call -> answerWhenCommitted(call, authentications, events, keys, requests);
                compare(config, metrics, async, blocking);
            }
        }
    }

    private static void compare(IngressConfig config, IngressMetrics metrics, Handler async, Handler blocking)
            throws Exception {
        var rates = new TreeMap<String, List<Long>>();
        for (int round = 0; round <= ROUNDS; round++) {
            for (int connections : CONNECTIONS) {
                for (Way way : Way.values()) {
                    Javalin server = server(
                            config,
                            metrics,
                            way != Way.PLATFORM_THREADS_ASYNC,
                            way == Way.VIRTUAL_THREADS_BLOCKING ? blocking : async);
                    try {
                        long rate = acceptedPerSecond(server.port(), connections);
                        // The first round warms the JVM and the broker up.
                        if (round > 0) {
                            rates.computeIfAbsent(
                                            "%3d connections, %s".formatted(connections, way), key -> new ArrayList<>())
                                    .add(rate);
                        }
                    } finally {
                        server.stop();
                    }
                }
            }
        }
        assertThat(rates).hasSize(CONNECTIONS.size() * Way.values().length);
        rates.forEach((what, measured) -> {
            measured.sort(null);
            log.info("{}: median {} accepted per second, of {}", what, measured.get(ROUNDS / 2), measured);
        });
    }

    private static Javalin server(
            IngressConfig config, IngressMetrics metrics, boolean virtualThreads, Handler handler) {
        return Javalin.create(javalin -> {
                    new HttpListener(config.http(), Optional.empty(), metrics).install(javalin);
                    javalin.concurrency.useVirtualThreads = virtualThreads;
                    javalin.routes.post(WebhookEndpoint.PATH, handler);
                })
                .start();
    }

    /** What the endpoint does, on one thread from the first byte to the last. */
    private static void answerWhenCommitted(
            Context call, List<Authentication> authentications, EventReader events, Keys keys, RequestLog requests)
            throws Exception {
        byte[] body = call.bodyAsBytes();
        boolean known = authentications.stream()
                .allMatch(authentication -> authentication.refusal(call).isEmpty());
        if (known && events.read(body) instanceof Deletion deletion) {
            var subject = new Subject(
                    keys.subjectKey(null, deletion.userId()), deletion.userId(), null, deletion.identifiers());
            var trigger = new Trigger("fusionauth", deletion.type(), deletion.id(), null, deletion.createdAt());
            Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            var request = keys.seal(deletion.id(), now, now.plus(Duration.ofDays(30)), trigger, subject);
            requests.append(request, null).get(1600, TimeUnit.MILLISECONDS);
            call.json(Map.of("status", "accepted", "requestId", request.requestId()));
        }
    }

    private static long acceptedPerSecond(int port, int connections) throws Exception {
        var accepted = new AtomicInteger();
        long end = System.nanoTime() + LENGTH.toNanos();
        try (HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                ExecutorService callers = Executors.newFixedThreadPool(connections)) {
            var calling = new ArrayList<Future<?>>();
            for (int i = 0; i < connections; i++) {
                calling.add(callers.submit(() -> {
                    while (System.nanoTime() < end) {
                        var answer = http.send(event(port), BodyHandlers.ofString());
                        if (answer.statusCode() == 200 && answer.body().contains("accepted")) {
                            accepted.incrementAndGet();
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> caller : calling) {
                caller.get();
            }
        }
        return accepted.get() / LENGTH.toSeconds();
    }

    private static HttpRequest event(int port) {
        String event =
                "{\"event\":{\"id\":\"%s\",\"type\":\"user.delete\",\"user\":{\"id\":\"%s\",\"data\":{\"notes\":\"%s\"}}}}"
                        .formatted(UUID.randomUUID(), UUID.randomUUID(), "x".repeat(1800));
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + WebhookEndpoint.PATH))
                .header("Authorization", "key")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(event))
                .build();
    }

    private IngressConfig config(KafkaServer kafka) throws Exception {
        String yaml = """
                http: { host: 127.0.0.1, port: 0 }
                authentication: { apiKeys: [key] }
                kafka: { bootstrap.servers: "%s" }
                durability: single-node
                keys: %s
                """.formatted(kafka.bootstrapServers(), folder.resolve("keys.json"));
        return ConfigFile.parse("ingress.yaml", yaml, Map.of(), IngressConfig::read)
                .config();
    }
}
