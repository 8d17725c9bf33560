package dev.lethe.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManagementServerTest {
    private volatile List<String> reasons = List.of();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Telemetry telemetry = new Telemetry();
    private final ManagementServer server = new ManagementServer(
            new HttpAddress("127.0.0.1", 0),
            () -> reasons,
            telemetry,
            Map.of("/openapi.json", () -> Map.of("openapi", "3.1.0")));

    @AfterEach
    void stop() {
        client.close();
        server.close();
        telemetry.close();
    }

    @Test
    void aServiceThatIsNotReadySaysWhyUntilItIs() throws Exception {
        reasons = List.of("topic erasure.requests is missing", "Kafka \"a\" can't be asked");
        var before = get("/health/ready");
        reasons = List.of();
        var after = get("/health/ready");

        assertThat(before.statusCode()).isEqualTo(503);
        assertThat(before.body())
                .contains("\"status\":\"not ready\"")
                .contains("\"reasons\":[\"topic erasure.requests is missing\",\"Kafka \\\"a\\\" can't be asked\"]");
        assertThat(after.statusCode()).isEqualTo(200);
        assertThat(after.body()).isEqualTo("{\"status\":\"ready\"}");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void healthAloneAnswersAsReadinessDoes(boolean isReady) throws Exception {
        reasons = isReady ? List.of() : List.of("topic erasure.requests is missing");

        var health = get("/health");
        var ready = get("/health/ready");

        assertThat(health.statusCode()).isEqualTo(ready.statusCode());
        assertThat(health.body()).isEqualTo(ready.body());
    }

    @Test
    void aServiceIsAliveEvenIfItIsNotReady() throws Exception {
        reasons = List.of("anything");

        var live = get("/health/live");

        assertThat(live.statusCode()).isEqualTo(200);
        assertThat(live.body()).isEqualTo("{\"status\":\"live\"}");
        assertThat(live.headers().firstValue("Content-Type")).hasValue("application/json");
    }

    @Test
    void prometheusFindsTheMetricsOfTheService() throws Exception {
        telemetry.registry().counter("lethe.test").increment();

        var metrics = get("/metrics");

        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(metrics.body()).contains("\nlethe_test_total 1.0\n", "\njvm_memory_used_bytes{");
    }

    @Test
    void theApiIsDescribed() throws Exception {
        assertThat(get("/openapi.json").body()).isEqualTo("{\"openapi\":\"3.1.0\"}");
    }

    @Test
    void nothingElseIsThere() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> get(String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
