package dev.lethe.quickstart.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lethe.events.Codec;
import dev.lethe.events.Outcome;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.UnreadableRecordException;
import dev.lethe.ingress.Ingress;
import dev.lethe.quickstart.FusionAuthApi;
import dev.lethe.quickstart.Installation;
import dev.lethe.quickstart.LetheProcess;
import dev.lethe.quickstart.Progress;
import dev.lethe.quickstart.sample.Digest;
import dev.lethe.quickstart.sample.Person;
import dev.lethe.quickstart.sample.SampleDatabase;
import dev.lethe.worker.app.ReplayCommand;
import dev.lethe.worker.app.Worker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand people are erased, then their shop is restored from a dump: they are back, and a replay erases them again. */
@Tag("thorough")
class ReplayIT {
    private static final int PEOPLE = 1500;
    private static final int ERASED = 1000;
    private static final int LIVE = 200;

    @TempDir
    static Path folder;

    private static final List<Person> deleted = new ArrayList<>();
    private static Installation installation;
    private static Ingress ingress;
    private static Worker worker;
    private static SampleDatabase shop;
    private static SampleDatabase support;
    private static Backup backup;
    private static Instant beforeAnyRequest;

    @BeforeAll
    static void eraseAThousandPeople() throws Exception {
        installation = new Installation(folder, PEOPLE, Progress.SILENT);
        Files.writeString(installation.workerConfigFile(), "retries: { delay: PT1S }\n", StandardOpenOption.APPEND);
        ingress = installation.startIngress();
        worker = installation.startWorker();
        Installation.awaitReady(ingress, worker);
        shop = database("shop");
        support = database("support");
        backup = Backup.of(installation.postgres(), "shop", shop, folder.resolve("dump"));
        beforeAnyRequest = Instant.now();
        delete(installation.people().subList(0, ERASED), 16);
        awaitErased();
    }

    @AfterAll
    static void stop() {
        worker.close();
        ingress.close();
        installation.close();
    }

    @BeforeEach
    void restoreTheShop() throws Exception {
        backup.restore();
    }

    @Test
    void aDryRunSaysWhatIsBackAndChangesNothing() throws Exception {
        Map<String, Digest> restored = shop.digestWithout(List.of());
        Map<String, Long> back = rowsOfDeleted(shop);
        long outcomes = endOf(TopicDefinition.OUTCOMES);

        OpsCommand replay = replay("--store", "shop", "--dry-run");

        JsonNode counted = replay.documents().getLast().at("/stores/0");
        assertThat(counted.get("requests").asInt()).isGreaterThanOrEqualTo(deleted.size());
        assertThat(counted.get("erased").asInt()).isEqualTo(deleted.size());
        back.forEach((table, rows) ->
                assertThat(counted.at("/items/" + table).asLong()).as(table).isEqualTo(rows));
        assertThat(replay.exitCode()).as(replay.err()).isZero();
        assertThat(shop.digestWithout(List.of())).isEqualTo(restored);
        assertThat(endOf(TopicDefinition.OUTCOMES)).as("outcomes").isEqualTo(outcomes);
    }

    @Test
    void anIntervalOfTheLogIsReplayedInEveryStoreAndNothingOutsideIt() throws Exception {
        List<Instant> written = requestsWritten();
        Instant from = written.get(ERASED / 4);
        Instant to = written.get(ERASED * 3 / 4);
        long within = written.stream()
                .filter(at -> !at.isBefore(from) && at.isBefore(to))
                .count();
        assertThat(within).isBetween(1L, (long) ERASED);

        OpsCommand replay = OpsCommand.run(
                new ReplayCommand(),
                installation,
                "--all",
                "--since",
                from.toString(),
                "--until",
                to.toString(),
                "--dry-run",
                "--json");

        assertThat(replay.exitCode()).as(replay.err()).isZero();
        JsonNode stores = replay.documents().getLast().path("stores");
        assertThat(stores.findValuesAsText("store")).containsExactly("shop", "support");
        assertThat(stores.findValues("requests"))
                .allSatisfy(requests -> assertThat(requests.asLong()).isEqualTo(within));
        assertThat(stores.path(1).path("erased").asLong())
                .as("the other store was not restored")
                .isZero();
    }

    @Test
    void aReplayErasesExactlyThemAgainWhileLifeGoesOn() throws Exception {
        Person plantedInSupport = installation.people().getFirst();
        List<Person> leaving = installation.people().subList(ERASED, ERASED + LIVE);
        List<UUID> gone = ids(Stream.concat(deleted.stream(), leaving.stream()));
        Map<String, Digest> shopOfOthers = shop.digestWithout(gone);
        Map<String, Digest> supportOfOthers = support.digestWithout(gone);
        support.fill(List.of(plantedInSupport));
        Map<String, Long> planted = support.rowsOf(plantedInSupport.id());

        OpsCommand replay;
        try (var offsets = new CommittedOffsets(
                        installation.kafka().bootstrapServers(), "erasure.shop", "erasure.support");
                ExecutorService life = Executors.newSingleThreadExecutor()) {
            CompletableFuture<Void> deletions = CompletableFuture.runAsync(() -> delete(leaving, 2), life);
            replay = replay("--store", "shop", "--rate", "500");
            deletions.join();
            await("the live lanes are done")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> rowsOfDeleted(shop).values().stream().allMatch(rows -> rows == 0));
            assertThat(offsets.setbacks()).isEmpty();
            assertThat(offsets.samples()).isGreaterThan(20);
        }

        assertThat(replay.exitCode()).as(replay.err()).isZero();
        JsonNode report = replay.documents().getLast();
        JsonNode shopReport = report.at("/stores/0");
        assertThat(report.get("stores")).hasSize(1);
        assertThat(shopReport.get("requests").asInt()).isBetween(ERASED, ERASED + LIVE);
        assertThat(shopReport.get("failed")).isEmpty();
        assertThat(shop.digestWithout(List.of()))
                .as("everything that the shop holds")
                .isEqualTo(shopOfOthers);

        Map<String, List<Outcome>> outcomes = outcomesOf(report.get("run").asText());
        assertThat(outcomes.keySet()).as("stores that the replay touched").containsExactly("shop");
        assertThat(outcomes.get("shop").stream()
                        .filter(outcome -> outcome.status() == Outcome.Status.ERASED)
                        .map(Outcome::subjectKey)
                        .distinct())
                .as("people whom the replay erased")
                .hasSizeBetween(ERASED, ERASED + LIVE);
        assertThat(support.rowsOf(plantedInSupport.id()))
                .as("what came back elsewhere is not this replay's business")
                .isEqualTo(planted);

        await("the live lane of the other store")
                .atMost(Duration.ofMinutes(1))
                .until(() ->
                        support.digestWithout(List.of(plantedInSupport.id())).equals(supportOfOthers));
        replay("--store", "support", "--subject", plantedInSupport.id().toString(), "--tenant", tenant());
        assertThat(support.digestWithout(List.of())).isEqualTo(supportOfOthers);
    }

    @Test
    void anInterruptedReplaySaysTheCommandThatGoesOn() throws Exception {
        long back = rowsOfDeleted(shop).get("customers");
        Path printed = folder.resolve("replay.log");
        try (var interrupted = replayProcess(printed, "--rate", "100")) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> rowsOfDeleted(shop).get("customers") < back);
            interrupted.terminate(Duration.ofSeconds(20));
        }
        long left = rowsOfDeleted(shop).get("customers");
        assertThat(left).as("customers left by the interrupted replay").isPositive();
        String command = Files.readAllLines(printed).stream()
                .map(String::strip)
                .filter(line -> line.startsWith("./lethe replay "))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no command to go on with"));

        Path rest = folder.resolve("rest.log");
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")).subList(1, command.split(" ").length));
        arguments.add("--json");
        try (var goingOn = LetheProcess.start(rest, List.of("-Xmx256m"), arguments)) {
            assertThat(goingOn.awaitExit(Duration.ofMinutes(1)))
                    .as(goingOn.output())
                    .isZero();
            JsonNode report = new ObjectMapper()
                    .readTree(goingOn.output().lines().toList().getLast());
            assertThat(report.at("/stores/0/requests").asLong())
                    .as("requests done by the rest of the replay")
                    .isBetween(left, back - 1);
        }
        assertThat(rowsOfDeleted(shop).values()).containsOnly(0L);
    }

    @Test
    void whoWasRefusedComesBackThroughTheRetryTopicInTheSameRun() throws Exception {
        Person refused = installation.people().get(7);
        executeInShop("""
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
                CREATE TRIGGER refuse BEFORE DELETE ON customers
                    FOR EACH ROW WHEN (OLD.id = '%s') EXECUTE FUNCTION refuse()
                """.formatted(refused.id()));

        OpsCommand replay = replay("--store", "shop");

        JsonNode report = replay.documents().getLast();
        assertThat(replay.exitCode()).isEqualTo(1);
        assertThat(report.at("/stores/0/failed").elements().next().asInt()).isEqualTo(1);
        assertThat(rowsOfDeleted(shop).get("customers")).as("customers left").isEqualTo(1);
        executeInShop("DROP TRIGGER refuse ON customers; DROP FUNCTION refuse");
        String run = report.get("run").asText();
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(outcomesOf(run).get("shop"))
                        .filteredOn(outcome -> outcome.attempt() > 1)
                        .extracting(Outcome::status)
                        .containsExactly(Outcome.Status.ERASED));
        assertThat(rowsOfDeleted(shop).values()).containsOnly(0L);
    }

    @Test
    void aStoreThatIsDownIsWaitedFor() throws Exception {
        installation.postgres().kill();
        try (var waiting = replayProcess(folder.resolve("waiting.log"))) {
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(waiting.output()).contains("shop-replay holds: UNREACHABLE"));
            installation.postgres().restart();
            assertThat(waiting.awaitExit(Duration.ofMinutes(2)))
                    .as(waiting.output())
                    .isZero();
        }
        assertThat(rowsOfDeleted(shop).values()).containsOnly(0L);
    }

    private static void executeInShop(String sql) throws SQLException {
        try (Connection connection = installation.postgres().dataSource("shop").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static OpsCommand replay(String... arguments) {
        return OpsCommand.run(
                new ReplayCommand(),
                installation,
                Stream.concat(Stream.of("--since", beforeAnyRequest.toString(), "--json"), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    private static LetheProcess replayProcess(Path log, String... more) {
        var command = Stream.of(
                "replay",
                "--config",
                installation.workerConfigFile().toString(),
                "--since",
                beforeAnyRequest.toString(),
                "--store",
                "shop");
        return LetheProcess.start(
                log,
                List.of("-Xmx256m"),
                Stream.concat(command, Stream.of(more)).toList());
    }

    private static String tenant() {
        return Installation.TENANT.toString();
    }

    private static SampleDatabase database(String name) {
        return installation.databases().get(name);
    }

    private static void delete(List<Person> people, int atOnce) {
        var api = new FusionAuthApi(installation.fusionAuth());
        try (ExecutorService callers = Executors.newFixedThreadPool(atOnce)) {
            for (Person person : people) {
                callers.execute(
                        () -> await().atMost(Duration.ofMinutes(1)).until(() -> api.deleteUser(person.id()) == 200));
            }
        }
        synchronized (deleted) {
            deleted.addAll(people);
        }
    }

    private static void awaitErased() {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> Stream.of(shop, support)
                        .allMatch(database ->
                                rowsOfDeleted(database).values().stream().allMatch(rows -> rows == 0)));
    }

    private static Map<String, Long> rowsOfDeleted(SampleDatabase database) {
        try {
            var rows = new HashMap<String, Long>();
            database.digestWithout(List.of()).forEach((table, digest) -> rows.put(table, digest.items()));
            List<UUID> ids;
            synchronized (deleted) {
                ids = ids(deleted.stream());
            }
            database.digestWithout(ids).forEach((table, digest) -> rows.merge(table, -digest.items(), Long::sum));
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<UUID> ids(Stream<Person> people) {
        return people.map(Person::id).toList();
    }

    private static long endOf(String topic) {
        try (var consumer = consumer()) {
            return consumer.endOffsets(partitions(consumer, topic)).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    /** When each request was written, in the order of time. */
    private static List<Instant> requestsWritten() {
        var written = new ArrayList<Instant>();
        try (var consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer, TopicDefinition.REQUESTS);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> written.add(Instant.ofEpochMilli(record.timestamp())));
            }
        }
        written.sort(Comparator.naturalOrder());
        return written;
    }

    private static Map<String, List<Outcome>> outcomesOf(String run) throws UnreadableRecordException {
        var outcomes = new HashMap<String, List<Outcome>>();
        try (var consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer, TopicDefinition.OUTCOMES);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    Outcome outcome = Codec.decodeOutcome(record.value());
                    if (outcome.run().equals(run)) {
                        outcomes.computeIfAbsent(outcome.store(), store -> new ArrayList<>())
                                .add(outcome);
                    }
                }
            }
        }
        return outcomes;
    }

    private static KafkaConsumer<String, byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", installation.kafka().bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    private static List<TopicPartition> partitions(KafkaConsumer<String, byte[]> consumer, String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }
}
