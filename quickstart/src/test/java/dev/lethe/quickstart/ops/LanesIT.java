package dev.lethe.quickstart.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lethe.events.EventRecords;
import dev.lethe.events.Keys;
import dev.lethe.events.Subject;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.Trigger;
import dev.lethe.keys.KeyFile;
import dev.lethe.quickstart.Installation;
import dev.lethe.quickstart.LetheProcess;
import dev.lethe.quickstart.Progress;
import dev.lethe.quickstart.sample.Person;
import dev.lethe.worker.app.LanesCommand;
import dev.lethe.worker.app.Worker;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code lethe lanes} says before a worker runs, while it runs, and while a store is down. */
@Tag("thorough")
class LanesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void lagAgeDueDatesAndStateAreSeenFromOutside() throws Exception {
        try (var installation = new Installation(folder, 20, Progress.SILENT)) {
            Instant now = Instant.now();
            request(installation, installation.people().get(0), now.minus(Duration.ofDays(31)), now.minusSeconds(60));
            request(installation, installation.people().get(1), now.minus(Duration.ofDays(28)), now.plusSeconds(3600));
            request(installation, installation.people().get(2), now, now.plus(Duration.ofDays(30)));

            OpsCommand stopped = lanes(installation);
            assertThat(stopped.exitCode()).isEqualTo(1);
            JsonNode shop = lane(stopped, "shop");
            assertThat(shop.path("state").asText()).isEqualTo("NO_WORKER");
            assertThat(shop.path("lag").asLong()).isEqualTo(3);
            assertThat(shop.path("overdue").asLong()).isEqualTo(1);
            assertThat(shop.path("dueSoon").asLong()).isEqualTo(1);
            assertThat(shop.at("/oldest/ageSeconds").asLong())
                    .isGreaterThan(Duration.ofDays(30).toSeconds());
            assertThat(lane(stopped, "shop-retry").path("lag").asLong()).isZero();

            try (var some = LetheProcess.start(
                    folder.resolve("some.log"),
                    "worker",
                    "--config",
                    installation.workerConfigFile().toString(),
                    "--stores",
                    "support")) {
                await("the other store is worked off")
                        .atMost(PATIENCE)
                        .until(() ->
                                lane(lanes(installation), "support").path("lag").asLong() == 0);
                assertThat(lane(lanes(installation), "support").path("members").asInt())
                        .isEqualTo(1);
                assertThat(lane(lanes(installation), "shop").path("state").asText())
                        .as("a store that nobody was started for")
                        .isEqualTo("NO_WORKER");
                assertThat(lane(lanes(installation), "shop").path("lag").asLong())
                        .isEqualTo(3);
                some.terminate(Duration.ofSeconds(20));
            }

            try (Worker worker = installation.startWorker()) {
                await().atMost(PATIENCE).until(() -> lanes(installation).exitCode() == 0);
                OpsCommand running = lanes(installation);
                assertThat(lane(running, "shop").path("lag").asLong()).isZero();
                assertThat(lane(running, "shop").path("members").asInt()).isEqualTo(1);
                assertThat(running.out())
                        .doesNotContain(installation.people().get(0).identifiers());

                assertThatThrownBy(installation::startWorker)
                        .as("a worker whose management port is taken")
                        .hasMessageContaining("Port already in use");
                assertThat(lane(lanes(installation), "shop").path("members").asInt())
                        .as("members of the group after it failed")
                        .isEqualTo(1);

                installation.postgres().kill();
                request(installation, installation.people().get(3), now, now.plus(Duration.ofDays(30)));

                await().atMost(PATIENCE)
                        .until(() -> lane(lanes(installation), "shop")
                                .path("state")
                                .asText()
                                .equals("STALLED"));
                assertThat(lane(lanes(installation), "support-retry")
                                .path("state")
                                .asText())
                        .isEqualTo("IDLE");
                OpsCommand holding = lanes(installation, "--worker", "http://127.0.0.1:" + worker.managementPort());
                assertThat(holding.exitCode()).isEqualTo(1);
                assertThat(lane(holding, "shop").path("state").asText()).isEqualTo("HOLDING");
                assertThat(lane(holding, "shop").at("/because/code").asText()).isEqualTo("UNREACHABLE");
                assertThat(Instant.parse(
                                lane(holding, "shop").at("/because/since").asText()))
                        .isAfter(now);
                assertHealthOfAWorkerThatHolds(worker.managementPort());
                installation.postgres().restart();

                await().atMost(PATIENCE).until(() -> lanes(installation).exitCode() == 0);
                assertThat(lanes(installation, "--worker", "http://127.0.0.1:1").exitCode())
                        .as("with a worker that does not answer")
                        .isEqualTo(1);
            }
        }
    }

    private static void assertHealthOfAWorkerThatHolds(int port) throws Exception {
        assertThat(get(port, "/health/live").statusCode()).isEqualTo(200);
        HttpResponse<String> ready = get(port, "/health/ready");
        assertThat(ready.statusCode()).as("readiness of a worker that holds").isEqualTo(200);
        JsonNode health = new ObjectMapper().readTree(ready.body());
        assertThat(health.path("status").asText()).isEqualTo("degraded");
        assertThat(health.path("reasons"))
                .anyMatch(reason -> reason.asText().startsWith("lane shop holds since ")
                        && reason.asText().contains(": UNREACHABLE: "));
        String metrics = get(port, "/metrics").body();
        assertThat(value(metrics, "lethe_lane_holding", "lane=\"shop\"")).isEqualTo(1);
        assertThat(value(metrics, "lethe_lane_holding", "lane=\"support-retry\""))
                .isZero();
        assertThat(value(metrics, "lethe_lane_holding_age_seconds", "lane=\"shop\""))
                .isPositive();
        assertThat(value(metrics, "lethe_lane_oldest_age_seconds", "lane=\"shop\""))
                .isPositive();
        assertThat(value(metrics, "lethe_lane_batch_records_count", "lane=\"shop\""))
                .isPositive();
        assertThat(value(metrics, "lethe_lane_step_seconds_count", "lane=\"shop\""))
                .isPositive();
        assertThat(value(metrics, "lethe_lane_commit_seconds_count", "lane=\"shop\""))
                .isPositive();
        assertThat(value(metrics, "lethe_erasure_outcomes_total", "store=\"shop\"", "status=\"ERASED\""))
                .isEqualTo(3);
        assertThat(value(metrics, "lethe_erasure_items_total", "store=\"shop\"", "action=\"DELETE\""))
                .isGreaterThan(3);
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    private static double value(String metrics, String name, String... tags) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + "{") && Stream.of(tags).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not among the metrics"));
    }

    private static OpsCommand lanes(Installation installation, String... more) {
        var arguments = new ArrayList<>(List.of("--json", "--sample", "PT0.5S"));
        arguments.addAll(List.of(more));
        return OpsCommand.run(new LanesCommand(), installation, arguments.toArray(String[]::new));
    }

    private static JsonNode lane(OpsCommand lanes, String name) throws Exception {
        assertThat(lanes.out()).as(lanes.err()).isNotBlank();
        return StreamSupport.stream(
                        new ObjectMapper().readTree(lanes.out()).path("lanes").spliterator(), false)
                .filter(lane -> lane.path("lane").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void request(Installation installation, Person person, Instant at, Instant dueBy) throws Exception {
        Keys keys = KeyFile.load(installation.keys());
        String tenant = Installation.TENANT.toString();
        String id = person.id().toString();
        UUID event = UUID.randomUUID();
        var record = EventRecords.request(
                TopicDefinition.REQUESTS,
                keys.seal(
                        event,
                        at,
                        dueBy,
                        new Trigger("fusionauth", "user.delete", event, Installation.TENANT, at),
                        new Subject(keys.subjectKey(tenant, id), id, tenant, Map.of())),
                null);
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", installation.kafka().bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }
}
