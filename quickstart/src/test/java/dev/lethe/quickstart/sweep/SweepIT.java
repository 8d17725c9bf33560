package dev.lethe.quickstart.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lethe.config.ConfigFile;
import dev.lethe.events.Codec;
import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Action;
import dev.lethe.events.Outcome.Status;
import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.TopicDefinition;
import dev.lethe.ingress.Ingress;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.kafka.TopicReader;
import dev.lethe.keys.KeyFile;
import dev.lethe.quickstart.FusionAuthApi;
import dev.lethe.quickstart.Installation;
import dev.lethe.quickstart.Progress;
import dev.lethe.quickstart.ops.OpsCommand;
import dev.lethe.quickstart.sample.Person;
import dev.lethe.worker.app.LanesCommand;
import dev.lethe.worker.app.Worker;
import dev.lethe.worker.app.WorkerConfig;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes back is found and erased again, what was left open is settled, and what is too much waits for a human. */
@Tag("thorough")
class SweepIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String SWEEPS = "sweeps: [PT1H, P1D]\n";

    @TempDir
    static Path folder;

    private static Installation installation;
    private static Ingress ingress;
    private static FusionAuthApi fusionAuth;
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    @BeforeAll
    static void start() throws Exception {
        installation = new Installation(folder, 300, Progress.SILENT);
        ingress = installation.startIngress();
        fusionAuth = new FusionAuthApi(installation.fusionAuth());
        inSupport("CREATE TABLE complaints (id bigint PRIMARY KEY, requester_id uuid NOT NULL, filed_on date NOT NULL);"
                + "CREATE INDEX ON complaints (requester_id)");
        Files.writeString(installation.workerConfigFile(), SWEEPS, StandardOpenOption.APPEND);
        await().atMost(PATIENCE).until(() -> ingress.problems().isEmpty());
    }

    @AfterAll
    static void stop() {
        ingress.close();
        installation.close();
    }

    @Test
    void whatALateWriterBringsBackIsErasedAgainAndReportedAndNothingElse() throws Exception {
        List<Person> deleted = installation.people().subList(0, 100);
        List<Person> rewritten = deleted.subList(20, 57);
        try (var worker = worker(UnaryOperator.identity())) {
            delete(deleted);
            awaitOutcomes(deleted, Outcome.ERASE, "shop", "support");
            for (Person person : rewritten) {
                inSupport("INSERT INTO tickets (requester_id, email, subject) SELECT '%s', 'x@example.org', 'again'"
                                .formatted(person.id())
                        + " FROM generate_series(1, 2)");
            }
            long others = rows("SELECT count(*) FROM tickets") - 2L * rewritten.size();

            pass(Duration.ofHours(1));
            awaitOutcomes(deleted, "sweep-1h", "shop", "support");
            pass(Duration.ofDays(1));
            awaitOutcomes(deleted, "sweep-1d", "shop", "support");

            assertThat(keysWith("support", "sweep-1h", Status.RESIDUE_ERASED)).isEqualTo(keys(rewritten));
            assertThat(keysWith("support", "sweep-1h", Status.NOT_FOUND)).hasSize(deleted.size() - rewritten.size());
            assertThat(keysWith("shop", "sweep-1h", Status.NOT_FOUND)).isEqualTo(keys(deleted));
            assertThat(keysWith("support", "sweep-1d", Status.NOT_FOUND)).isEqualTo(keys(deleted));
            assertThat(outcomes().values().stream().filter(it -> it.status() == Status.RESIDUE_ERASED))
                    .allSatisfy(it -> assertThat(it.targets()).contains(TargetOutcome.deleted("tickets", 2)));
            assertThat(rows("SELECT count(*) FROM tickets")).isEqualTo(others);
            assertThat(residueMetric(worker)).isEqualTo(rewritten.size());
            JsonNode lanes = lanes();
            assertThat(lane(lanes, "support-sweep-1d").path("lag").asLong()).isZero();
        }
    }

    @Test
    void whatHasToBeKeptIsSettledOnceItMayGo() throws Exception {
        List<Person> deleted = installation.people().subList(100, 110);
        inSupport("INSERT INTO complaints SELECT %d, '%s', current_date"
                .formatted(1, deleted.getFirst().id()));
        try (var worker = worker(text -> text.replace(SWEEPS, "sweeps: [P7D]\n")
                .replace(
                        "      tickets: {",
                        "      complaints: { subject: { requester_id: userId },"
                                + " retain: { basis: consumer law, for: P3Y, from: filed_on } }\n      tickets: {"))) {
            await().atMost(PATIENCE).until(() -> worker.problems().isEmpty());
            delete(deleted);
            awaitOutcomes(deleted, Outcome.ERASE, "support");
            assertThat(keysWith("support", Outcome.ERASE, Status.RETAINED)).isEqualTo(keys(deleted.subList(0, 1)));

            pass(Duration.ofDays(7));
            awaitOutcomes(deleted.subList(0, 1), Outcome.SETTLE, "support");
            assertThat(keysWith("support", Outcome.SETTLE, Status.RETAINED)).isEqualTo(keys(deleted.subList(0, 1)));
            assertThat(rows("SELECT count(*) FROM complaints")).isOne();

            inSupport("UPDATE complaints SET filed_on = filed_on - interval '4 years'");
            pass(Duration.ofDays(7));
            // A copy of the request, redelivered, finds nothing: its outcome takes the place of the first.
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(everyOutcome().stream()
                                    .filter(it -> it.run().equals(Outcome.SETTLE) && it.status() == Status.ERASED))
                            .extracting(it -> it.subjectKey().value())
                            .containsExactlyElementsOf(keys(deleted.subList(0, 1))));
            assertThat(rows("SELECT count(*) FROM complaints")).isZero();
            assertThat(everyOutcome().stream()
                            .filter(it -> it.run().equals(Outcome.SETTLE))
                            .flatMap(it -> it.targets().stream())
                            .filter(target -> target.action() == Action.DELETE && target.items() > 0))
                    .containsExactly(TargetOutcome.deleted("complaints", 1));
        }
    }

    @Test
    void whoTripsTheBrakeWaitsForAHumanEvenBeyondARestart() throws Exception {
        List<Person> deleted = installation.people().subList(110, 170);
        try (var worker = brakedWorker("erasuresPerMinute: 40")) {
            assertThat(worker.stores()).containsKeys("shop", "support");
            delete(deleted);
            awaitOutcomes(deleted, Outcome.ERASE, "shop");
            awaitTripped("more than 40 erasures within a minute");
        }
        int before = outcomesOf(deleted, Outcome.ERASE, "support").size();
        assertThat(before).isPositive().isLessThanOrEqualTo(40);

        try (var worker = brakedWorker("erasuresPerMinute: 40")) {
            await().atMost(PATIENCE)
                    .until(() -> worker.degradations().stream()
                            .anyMatch(reason -> reason.startsWith("lane support holds") && reason.contains("TRIPPED")));
            assertThat(outcomesOf(deleted, Outcome.ERASE, "support")).hasSize(before);

            OpsCommand resume = OpsCommand.run(new LanesCommand(), installation, "resume", "--store", "support");
            assertThat(resume.out()).contains("Store support goes on", "more than 40 erasures within a minute");
            assertThat(resume.exitCode()).isZero();
            awaitOutcomes(deleted, Outcome.ERASE, "support");
        }
        OpsCommand again = OpsCommand.run(new LanesCommand(), installation, "resume", "--store", "support");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.out()).contains("has not tripped");
    }

    @Test
    void aStoreThatIsAwayAndAskedAgainAndAgainDoesNotTripTheBrake() throws Exception {
        List<Person> deleted = installation.people().subList(200, 230);
        try (var worker =
                worker(text -> text.replace("  support:\n", "  support:\n    brake: { erasuresPerMinute: 40 }\n")
                        + "maxBatch: 10\nbackoff: { first: PT0.01S, most: PT0.05S }\n")) {
            await().atMost(PATIENCE).until(() -> worker.problems().isEmpty() && worker.isReading());
            installation.postgres().kill();
            delete(deleted);
            Instant down = Instant.now();
            await("many more tries than the brake allows erasures")
                    .atMost(PATIENCE)
                    .until(() ->
                            worker.degradations().stream().anyMatch(reason -> reason.startsWith("lane support holds"))
                                    && down.plusSeconds(5).isBefore(Instant.now()));
            assertThat(worker.degradations())
                    .filteredOn(reason -> reason.startsWith("lane support holds"))
                    .allSatisfy(reason -> assertThat(reason).contains("UNREACHABLE"));

            installation.postgres().restart();

            awaitOutcomes(deleted, Outcome.ERASE, "support");
            assertThat(worker.degradations()).isEmpty();
        }
    }

    @Test
    void whoHasMoreThanAPersonShouldHaveWaitsForAHuman() throws Exception {
        Person person = installation.people().get(170);
        inSupport("INSERT INTO tickets (requester_id, email, subject) SELECT '%s', 'x@example.org', 'many'"
                        .formatted(person.id())
                + " FROM generate_series(1, 200)");
        try (var worker = brakedWorker("itemsPerSubject: 100")) {
            await().atMost(PATIENCE).until(() -> worker.problems().isEmpty());
            delete(List.of(person));
            awaitTripped("more than 100 items of one person");
            assertThat(rows("SELECT count(*) FROM tickets WHERE subject = 'many'"))
                    .isEqualTo(200);

            assertThat(OpsCommand.run(new LanesCommand(), installation, "resume", "--store", "support")
                            .exitCode())
                    .isZero();
            awaitOutcomes(List.of(person), Outcome.ERASE, "support");
            assertThat(rows("SELECT count(*) FROM tickets WHERE subject = 'many'"))
                    .isZero();
        }
    }

    private void awaitTripped(String why) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode lane = lane(lanes(), "support");
            assertThat(lane.path("state").asText()).isEqualTo("HOLDING");
            assertThat(lane.at("/because/code").asText()).isEqualTo("TRIPPED");
            assertThat(lane.at("/because/message").asText()).contains(why);
        });
    }

    private Worker brakedWorker(String brake) throws Exception {
        return worker(
                text -> text.replace("  support:\n", "  support:\n    brake: { " + brake + " }\n") + "maxBatch: 10\n");
    }

    private Worker worker(UnaryOperator<String> change) throws Exception {
        String configuration = change.apply(Files.readString(installation.workerConfigFile()));
        return new Worker(
                ConfigFile.parse("worker.yaml", configuration, Map.of(), WorkerConfig::read)
                        .config(),
                () -> Instant.now().plus(ahead.get()));
    }

    private void pass(Duration time) {
        ahead.updateAndGet(before -> before.plus(time).plusMinutes(1));
    }

    private static void delete(List<Person> people) {
        people.forEach(person -> await().atMost(PATIENCE).until(() -> fusionAuth.deleteUser(person.id()) == 200));
    }

    private static void awaitOutcomes(List<Person> people, String run, String... stores) {
        for (String store : stores) {
            await(run + " of " + store)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .untilAsserted(
                            () -> assertThat(outcomesOf(people, run, store)).hasSize(people.size()));
        }
    }

    private static Set<String> outcomesOf(List<Person> people, String run, String store) throws Exception {
        Set<String> keys = keys(people);
        return outcomes().values().stream()
                .filter(outcome ->
                        outcome.store().equals(store) && outcome.run().equals(run))
                .map(outcome -> outcome.subjectKey().value())
                .filter(keys::contains)
                .collect(Collectors.toSet());
    }

    private static Set<String> keysWith(String store, String run, Status status) throws Exception {
        return outcomes().values().stream()
                .filter(it -> it.store().equals(store) && it.run().equals(run) && it.status() == status)
                .map(it -> it.subjectKey().value())
                .collect(Collectors.toSet());
    }

    private static Set<String> keys(List<Person> people) throws Exception {
        var keys = KeyFile.load(installation.keys());
        return people.stream()
                .map(person -> keys.subjectKey(
                                Installation.TENANT.toString(), person.id().toString())
                        .value())
                .collect(Collectors.toSet());
    }

    /** The last one of each key. */
    private static Map<String, Outcome> outcomes() throws Exception {
        var outcomes = new HashMap<String, Outcome>();
        everyOutcome().forEach(outcome -> outcomes.put(outcome.key(), outcome));
        return outcomes;
    }

    private static List<Outcome> everyOutcome() throws Exception {
        var kafka =
                new KafkaConfig(Map.of("bootstrap.servers", installation.kafka().bootstrapServers()));
        var outcomes = new ArrayList<Outcome>();
        try (Admin admin = kafka.admin("test");
                var reader = new TopicReader(kafka, admin)) {
            for (ConsumerRecord<String, byte[]> record : reader.all(TopicDefinition.OUTCOMES)) {
                outcomes.add(Codec.decodeOutcome(record.value()));
            }
        }
        return outcomes;
    }

    private static JsonNode lanes() throws Exception {
        OpsCommand lanes = OpsCommand.run(new LanesCommand(), installation, "--json", "--sample", "PT0.2S");
        return new ObjectMapper().readTree(lanes.out()).path("lanes");
    }

    private static JsonNode lane(JsonNode lanes, String name) {
        return StreamSupport.stream(lanes.spliterator(), false)
                .filter(lane -> lane.path("lane").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no lane " + name + " in " + lanes));
    }

    private static double residueMetric(Worker worker) throws Exception {
        var url = URI.create("http://127.0.0.1:" + worker.managementPort() + "/metrics");
        try (var metrics = url.toURL().openStream()) {
            return new String(metrics.readAllBytes())
                    .lines()
                    .filter(line -> line.startsWith("lethe_erasure_outcomes_total")
                            && line.contains("status=\"RESIDUE_ERASED\"")
                            && line.contains("store=\"support\""))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    private static long rows(String query) throws SQLException {
        try (Connection connection =
                        installation.postgres().dataSource("support").getConnection();
                Statement statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }

    private static void inSupport(String sql) throws SQLException {
        try (Connection connection =
                        installation.postgres().dataSource("support").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
