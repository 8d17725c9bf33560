package dev.lethe.worker.status;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpServer;
import dev.lethe.worker.status.LaneHealth.Because;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ReportedLaneTest {
    @Test
    void aHoldingLaneSaysSinceWhenAndWhy() throws Exception {
        try (var worker = new Answering(200, """
                {"status":"degraded","lanes":[
                  {"name":"shop-1","group":"erasure.shop","state":"holding","since":"2026-03-01T10:00:00Z","code":"UNREACHABLE","message":"m"},
                  {"name":"shop-retry","group":"erasure.shop.retry","state":"running"}]}
                """)) {
            assertThat(ReportedLane.ask(worker.uri()))
                    .containsExactly(
                            new ReportedLane(
                                    "erasure.shop",
                                    new Because(Instant.parse("2026-03-01T10:00:00Z"), "UNREACHABLE", "m")),
                            new ReportedLane("erasure.shop.retry", null));
        }
    }

    @Test
    void whatIsNoWorkerIsNotTakenForOneThatIsWell() throws Exception {
        try (var other = new Answering(404, "{}")) {
            assertThatIOException().isThrownBy(() -> ReportedLane.ask(other.uri()));
        }
        try (var other = new Answering(200, "<html>")) {
            assertThatIOException().isThrownBy(() -> ReportedLane.ask(other.uri()));
        }
    }

    private record Answering(HttpServer server) implements AutoCloseable {
        Answering(int status, String body) throws Exception {
            this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
            server.createContext("/health/lanes", exchange -> {
                byte[] bytes = body.getBytes(UTF_8);
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
                exchange.close();
            });
            server.start();
        }

        URI uri() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
