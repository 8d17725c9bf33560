package dev.lethe.quickstart.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.ingress.Ingress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers who dribble, stall, flood or speak no HTTP get an answer or the end of the line; the others don't notice. */
@Tag("thorough")
@Tag("alone")
class HostileCallersIT {
    private static final Duration ANSWERED_WITHIN = Duration.ofMillis(1900);
    private static final Duration HEADER_TIMEOUT = Duration.ofSeconds(3);
    private static final int CROWD = 500;

    @TempDir
    static Path folder;

    private static Site site;
    private static Ingress ingress;

    @BeforeAll
    static void start() throws Exception {
        site = new Site(folder);
        ingress = site.ingress("""
                http: { host: 127.0.0.1, port: 0, maxHeaderBytes: 4096, headerTimeout: PT3S, idleTimeout: PT5S }
                management: { host: 127.0.0.1, port: 0 }
                """);
    }

    @AfterAll
    static void stop() {
        ingress.close();
        site.close();
    }

    @Test
    void fiveHundredWhoDribbleHeadersDontHoldUpANormalCall() throws Exception {
        try (var crowd = new Crowd()) {
            for (Connection connection : crowd.connections) {
                connection.send("POST /webhook-user-delete HTTP/1.1\r\nHost: 127.0.0.1\r\n");
            }
            for (int round = 0; round < 5; round++) {
                for (Connection connection : crowd.connections) {
                    connection.sendAsFarAsWanted("X".getBytes());
                }
                assertNormalCallIsAccepted();
            }
        }
    }

    @ParameterizedTest(name = "after \"{0}\"")
    @ValueSource(strings = {"", "P", "POST /webhook-user-delete HTTP/1.1\r\nHost: 127.0.0.1\r\nX"})
    void headersThatNeverEndEndTheConnection(String begun) throws Exception {
        try (var connection = new Connection(ingress.port())) {
            double ended = metric("lethe_ingress_slow_headers_total");
            connection.send(begun);

            assertEndsWhileItDribbles(connection);

            assertThat(metric("lethe_ingress_slow_headers_total")).isGreaterThan(ended);
        }
    }

    @Test
    void headersThatNeverEndBehindAnAnsweredCallEndTheConnection() throws Exception {
        try (var connection = new Connection(ingress.port())) {
            assertThat(connection.call(event().bytes()).headers()).doesNotContainEntry("connection", "close");

            assertEndsWhileItDribbles(connection);
        }
    }

    @Test
    void aConnectionThatRestsBetweenTwoCallsStaysOpen() throws Exception {
        try (var connection = new Connection(ingress.port())) {
            connection.call(event().bytes());

            assertThat(connection.hearsSomethingWithin(HEADER_TIMEOUT.plusSeconds(1)))
                    .as("the end of the line")
                    .isFalse();
            assertThat(connection.call(event().bytes()).status()).isIn(200, 503);
        }
    }

    @Test
    void asManyWhoDribbleHeadersAsThereMayBeConnectionsAreSoonOutOfTheWay() throws Exception {
        try (Ingress small = site.ingress("""
                        http: { host: 127.0.0.1, port: 0, maxConnections: 50, headerTimeout: PT2S }
                        management: { host: 127.0.0.1, port: 0 }
                        """);
                ExecutorService dribblers = Executors.newVirtualThreadPerTaskExecutor()) {
            var crowd = new ArrayList<Future<?>>();
            for (int i = 0; i < 50; i++) {
                var connection = new Connection(small.port());
                crowd.add(dribblers.submit(() -> {
                    assertEndsWhileItDribbles(connection);
                    connection.close();
                    return null;
                }));
            }

            await().atMost(Duration.ofSeconds(8)).ignoreExceptions().untilAsserted(() -> {
                Reply reply = Site.answerTo(event(), small.port());
                assertThat(reply.isAccepted()).as(reply.toString()).isTrue();
            });
            for (Future<?> dribbler : crowd) {
                dribbler.get();
            }
        }
    }

    @Test
    void fiveHundredWhoDribbleBodiesAreToldSoInTimeAndDontHoldUpANormalCall() throws Exception {
        try (var crowd = new Crowd();
                ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            String head = event().head();
            var replies = new ArrayList<Future<Reply>>();
            for (Connection connection : crowd.connections) {
                replies.add(readers.submit(() -> {
                    connection.startClock().send(head);
                    while (!connection.hearsSomethingWithin(Duration.ofMillis(400))) {
                        connection.sendAsFarAsWanted("{".getBytes());
                    }
                    return connection.reply();
                }));
            }
            assertNormalCallIsAccepted();

            for (Future<Reply> reply : replies) {
                assertTooSlow(reply.get());
            }
        }
    }

    @Test
    void fiveHundredSilentConnectionsDontHoldUpANormalCall() throws Exception {
        try (var crowd = new Crowd()) {
            assertThat(crowd.connections).hasSize(CROWD);

            assertNormalCallIsAccepted();
        }
    }

    @ParameterizedTest(name = "after {0} bytes")
    @ValueSource(ints = {0, 1, 60})
    void aBodyThatStallsIsAnsweredInTime(int bytes) throws Exception {
        Call call = event();
        try (var connection = new Connection(ingress.port())) {
            connection.send(call.head()).startClock();
            connection.send(new String(call.body(), 0, bytes));

            assertTooSlow(connection.reply());
        }
    }

    @Test
    void aBodyInChunksThatStallsIsAnsweredInTime() throws Exception {
        try (var connection = new Connection(ingress.port())) {
            connection.startClock().send(event().inChunksOf(10).head() + "a\r\n0123456789\r\n");

            assertTooSlow(connection.reply());
        }
    }

    @Test
    void aBodyOfWhichALittleComesJustBeforeTheEndOfPatienceIsAnsweredInTime() throws Exception {
        Call call = event();
        try (var connection = new Connection(ingress.port())) {
            connection.startClock().send(call.head());
            connection.hearsSomethingWithin(Duration.ofMillis(940));
            connection.sendAsFarAsWanted("{".getBytes());

            assertTooSlow(connection.reply());
        }
    }

    @Test
    void afterAnswerToASlowBodyNoMoreOfTheConnectionIsRead() throws Exception {
        Call call = event();
        try (var connection = new Connection(ingress.port())) {
            connection.startClock().send(call.head());
            Reply reply = connection.reply();

            assertThat(reply.headers()).as(reply.toString()).containsEntry("connection", "close");
        }
    }

    @Test
    void aCallerWhoHangsUpInTheMiddleOfABodyLeavesNothingBehind() throws Exception {
        for (int i = 0; i < 100; i++) {
            try (var connection = new Connection(ingress.port())) {
                connection.send(event().head()).send("{\"event\":");
            }
        }

        assertNormalCallIsAccepted();
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(Metrics.of(ingress.managementPort()))
                        .containsEntry("lethe_ingress_in_flight_bytes", 0.0)
                        .containsEntry("lethe_ingress_in_flight_requests", 0.0));
    }

    @Test
    void aConnectionOnWhichNothingHappensIsClosed() throws Exception {
        try (var connection = new Connection(ingress.port())) {
            Reply first = connection.call(event().bytes());
            assertThat(first.headers()).as(first.toString()).doesNotContainEntry("connection", "close");

            assertThat(connection.hearsSomethingWithin(Duration.ofSeconds(8)))
                    .as("the connection ends")
                    .isTrue();
        }
    }

    @Test
    void headersThatAreTooLargeAreRefused() throws Exception {
        Reply reply = Site.answerTo(event().with("X-Large", "x".repeat(4096)), ingress.port());

        assertThat(reply.status()).as(reply.toString()).isEqualTo(431);
        assertThat(metric("lethe_ingress_server_refusals_total{status=\"431\"}"))
                .isPositive();
        assertThat(reply.body()).doesNotContain("xxxx");
    }

    @Test
    void headersAreReadUpToTheLimit() throws Exception {
        Reply reply = Site.answerTo(event().with("X-Large", "x".repeat(3500)), ingress.port());

        assertThat(reply.isAccepted()).as(reply.toString()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET\r\n\r\n",
                "POST /webhook-user-delete HTTP/9.9\r\n\r\n",
                "POST /webhook-user-delete HTTP/1.1\r\n\r\n",
                "POST /webhook-user-delete HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                "POST /webhook-user-delete HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
                "POST /webhook-user-delete HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
                "POST /webhook-user-delete HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nthis is no chunk\r\n",
                "POST /webhook-user-delete HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n{}",
                "POST /%2e%2e/%00/../webhook-user-delete HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003"
            })
    void whatIsNoHttpIsRefusedAsTheCallersFault(String bytes) throws Exception {
        try (var connection = new Connection(ingress.port())) {
            connection.startClock().send(bytes + "\r\n\r\n");

            Reply reply = connection.reply();
            assertThat(reply.status()).as(reply.toString()).isIn(400, 404, 405, 431, 505);
            assertThat(reply.took()).isLessThan(ANSWERED_WITHIN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"})
    void anotherMethodIsRefusedAndLeavesNothingInTheLog(String method) throws Exception {
        site.startReading();

        Reply reply = Site.answerTo(event().method(method), ingress.port());

        assertThat(reply.status()).as(reply.toString()).isIn(404, 405);
        assertThat(site.written()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/webhook-user-delete/x",
                "/Webhook-User-Delete",
                "/metrics",
                "/health/ready",
                "/openapi.json"
            })
    void anotherPathIsRefusedAndLeavesNothingInTheLog(String path) throws Exception {
        site.startReading();

        Reply reply = Site.answerTo(event().path(path), ingress.port());

        assertThat(reply.status()).as(reply.toString()).isEqualTo(404);
        assertThat(site.written()).isEmpty();
    }

    @Test
    void anAnswerTellsNothingAboutTheSoftware() throws Exception {
        assertThat(Site.answerTo(event(), ingress.port()).headers()).doesNotContainKeys("server", "x-powered-by");
        assertThat(Site.answerTo(event().path("/"), ingress.port()).headers())
                .doesNotContainKeys("server", "x-powered-by");
    }

    private static void assertNormalCallIsAccepted() throws IOException {
        Reply reply = Site.answerTo(event(), ingress.port());
        assertThat(reply.isAccepted()).as(reply.toString()).isTrue();
        assertThat(reply.took()).isLessThan(ANSWERED_WITHIN);
    }

    /** A byte every now and then does not keep it open. */
    private static void assertEndsWhileItDribbles(Connection connection) throws IOException {
        long begun = System.nanoTime();
        while (!connection.endsWithin(Duration.ofMillis(300))) {
            connection.sendAsFarAsWanted("X".getBytes());
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as("how long it stays open")
                    .isLessThan(HEADER_TIMEOUT.plusSeconds(3));
        }
    }

    private static void assertTooSlow(Reply reply) {
        assertThat(reply.status()).as(reply.toString()).isEqualTo(408);
        assertThat(reply.says()).containsExactly("[timeout]");
        assertThat(reply.took()).as("time to the answer").isLessThan(ANSWERED_WITHIN);
    }

    private static double metric(String name) throws Exception {
        return Metrics.of(ingress.managementPort()).get(name);
    }

    private static Call event() {
        return Call.deletionOf(UUID.randomUUID(), UUID.randomUUID());
    }

    /** Many connections at once. */
    private static final class Crowd implements AutoCloseable {
        private final List<Connection> connections = new ArrayList<>();

        Crowd() throws IOException {
            for (int i = 0; i < CROWD; i++) {
                connections.add(new Connection(ingress.port()));
            }
        }

        @Override
        public void close() throws IOException {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }
}
