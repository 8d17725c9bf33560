package dev.lethe.quickstart.ops;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lethe.config.ConfigFile;
import dev.lethe.events.Codec;
import dev.lethe.events.EventRecords;
import dev.lethe.events.Keys;
import dev.lethe.events.Outcome;
import dev.lethe.events.Subject;
import dev.lethe.events.TopicDefinition;
import dev.lethe.events.Trigger;
import dev.lethe.ingress.Ingress;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.kafka.TopicReader;
import dev.lethe.keys.KeyFile;
import dev.lethe.quickstart.FusionAuthApi;
import dev.lethe.quickstart.Installation;
import dev.lethe.quickstart.Progress;
import dev.lethe.quickstart.sample.Person;
import dev.lethe.worker.app.DeadLettersCommand;
import dev.lethe.worker.app.Worker;
import dev.lethe.worker.app.WorkerConfig;
import dev.lethe.worker.deadletter.DeadLetter;
import dev.lethe.worker.deadletter.DeadLetters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that refuses one person, records that can't be read, and somebody who settles it with the command line. */
@Tag("thorough")
class DeadLettersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    static Path folder;

    private static Installation installation;
    private static Ingress ingress;
    private static Worker worker;

    @BeforeAll
    static void start() throws Exception {
        installation = new Installation(folder, 20, Progress.SILENT);
        Files.writeString(
                installation.workerConfigFile(), "retries: { delay: PT1S, maxAge: PT2S }\n", StandardOpenOption.APPEND);
        ingress = installation.startIngress();
        worker = installation.startWorker();
        Installation.awaitReady(ingress, worker);
    }

    @AfterAll
    static void stop() {
        worker.close();
        ingress.close();
        installation.close();
    }

    @Test
    void whatAStoreRefusedIsListedExplainedRedrivenErasedAndClosed() throws Exception {
        Person person = installation.people().get(0);
        refuse(person);
        JsonNode letter = deadLetterOf(person);
        String key = letter.path("key").asText();

        assertThat(letter.path("store").asText()).isEqualTo("shop");
        assertThat(letter.path("code").asText()).isEqualTo("RAISED");
        assertThat(letter.path("attempts").asInt()).isGreaterThan(1);
        assertThat(letter.at("/origin/topic").asText()).isEqualTo("erasure.requests");
        assertThat(Instant.parse(letter.path("dueBy").asText())).isAfter(Instant.now());

        OpsCommand show = run("show", key);
        assertThat(show.exitCode()).as(show.err()).isZero();
        assertThat(show.out())
                .contains("subject key", "erasure.requests-", "A trigger or function of the database raised")
                .doesNotContain(person.identifiers());

        noLongerRefuse(person);
        OpsCommand redrive = run("redrive", key, "--wait", "PT40S");

        assertThat(redrive.out()).contains("closed\tstore shop: ERASED");
        assertThat(redrive.exitCode()).isZero();
        assertThat(listed(key)).isFalse();
        assertThat(rowsOf(person)).isZero();
    }

    @Test
    void whatIsRefusedAgainIsADeadLetterAgainAndTheCommandSaysWhy() throws Exception {
        Person person = installation.people().get(1);
        refuse(person);
        String key = deadLetterOf(person).path("key").asText();

        OpsCommand redrive = run("redrive", key, "--wait=PT40S");

        assertThat(redrive.out()).contains("failed\tRAISED: A trigger or function");
        assertThat(redrive.exitCode()).isEqualTo(1);
        assertThat(listed(key)).isTrue();
        noLongerRefuse(person);
    }

    @Test
    void redrivenTwiceAndWhileNoWorkerRunsItIsErasedOnceAndClosed() throws Exception {
        Person person = installation.people().get(2);
        refuse(person);
        String key = deadLetterOf(person).path("key").asText();
        noLongerRefuse(person);
        worker.close();
        redriveBehindTheCommandsBack(key);
        redriveBehindTheCommandsBack(key);

        OpsCommand third = run("redrive", key);
        assertThat(third.out()).contains("redriven\tbefore, and its store has yet to take it");
        assertThat(run("list").out()).contains(key).contains("\tredriven");
        worker = installation.startWorker();

        await().atMost(PATIENCE).until(() -> !listed(key) && rowsOf(person) == 0);
        await("both copies are taken")
                .atMost(PATIENCE)
                .until(() -> run("list").out().lines().noneMatch(line -> line.endsWith("\tredriven")));
        assertThat(listed(key)).isFalse();
    }

    @Test
    void aRecordThatIsNoRequestIsRefusedAndCanBeDiscarded() throws Exception {
        publish(new ProducerRecord<>(TopicDefinition.REQUESTS, "key", "no request".getBytes(UTF_8)));
        List<String> keys = awaitKeysWith("UNDECODABLE", 2);

        OpsCommand redrive = run("redrive", keys.get(0), keys.get(1));
        assertThat(redrive.exitCode()).isEqualTo(1);
        assertThat(redrive.out().lines()).hasSize(2).allMatch(line -> line.contains("\trefused\tit can't be read now"));
        List<String> old = List.of("--code", "undecodable", "--older-than", "P1D");
        assertThat(run("redrive", old).out()).as("nothing is as old as that").isEmpty();
        assertThat(run("discard", old, "--reason", "a test wrote nonsense", "--yes")
                        .out())
                .isEmpty();
        assertThat(keys).allMatch(DeadLettersIT::listed);
        List<String> young = List.of("--code", "undecodable", "--older-than", "PT0.001S");
        OpsCommand discard = run("discard", young, "--reason", "a test wrote nonsense", "--yes");

        assertThat(discard.exitCode()).as(discard.err()).isZero();
        assertThat(discard.out()).contains("without an outcome");
        assertThat(keys).noneMatch(DeadLettersIT::listed);
    }

    @Test
    void whatWasSealedWithAKeyThatIsGoneIsRefusedUntilTheKeyIsBack() throws Exception {
        Keys lost = Keys.create();
        Person person = installation.people().get(3);
        publishSealedWith(lost, person);
        String shop = awaitKeysWith("UNSEALABLE", 2).stream()
                .filter(key -> key.endsWith("/shop"))
                .findFirst()
                .orElseThrow();

        OpsCommand refused = run("redrive", shop);
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.out()).contains("UNSEALABLE", "Restore that key file");

        String present = Files.readString(installation.keys());
        worker.close();
        Files.writeString(installation.keys(), lost.format());
        worker = installation.startWorker();
        OpsCommand redrive = run("redrive", "--store", "shop", "--code", "unsealable", "--wait", "PT40S");
        worker.close();
        Files.writeString(installation.keys(), present);
        worker = installation.startWorker();

        assertThat(redrive.out()).contains("closed\tstore shop: ERASED");
        assertThat(listed(shop)).isFalse();
        assertThat(installation.databases().get("shop").rowsOf(person.id()).values())
                .containsOnly(0L);
    }

    @Test
    void whatIsDiscardedEndsWithAnOutcomeThatKeepsTheReason() throws Exception {
        Person person = installation.people().get(4);
        refuse(person);
        JsonNode letter = deadLetterOf(person);
        String key = letter.path("key").asText();

        assertThat(run("discard", key, "--reason", "by hand").exitCode())
                .as("without --yes, where there is nobody to ask")
                .isEqualTo(2);
        assertThat(run("discard", key, "--reason", "asked by " + person.email(), "--yes")
                        .exitCode())
                .as("with a reason that names somebody")
                .isEqualTo(2);
        OpsCommand discard = run("discard", key, "--reason", "erased by hand, INC-2231", "--yes");

        assertThat(discard.exitCode()).as(discard.err()).isZero();
        assertThat(listed(key)).isFalse();
        assertThat(lastOutcome(letter.path("requestId").asText())).satisfies(outcome -> {
            assertThat(outcome.status()).isEqualTo(Outcome.Status.FAILED);
            assertThat(outcome.code()).isEqualTo("DISCARDED");
            assertThat(outcome.reason()).isEqualTo("erased by hand, INC-2231");
        });
        assertThat(run("discard", key, "--reason", "again", "--yes").exitCode()).isEqualTo(1);
        noLongerRefuse(person);
    }

    private static OpsCommand run(String... arguments) {
        return OpsCommand.run(new DeadLettersCommand(), installation, arguments);
    }

    private static OpsCommand run(String subcommand, List<String> criteria, String... more) {
        return run(Stream.of(Stream.of(subcommand), criteria.stream(), Stream.of(more))
                .flatMap(arguments -> arguments)
                .toArray(String[]::new));
    }

    private static boolean listed(String key) {
        return run("list", "--json").documents().stream()
                .anyMatch(letter -> letter.path("key").asText().equals(key));
    }

    /** Deletes the person in FusionAuth, and waits for the dead letter. */
    private static JsonNode deadLetterOf(Person person) throws Exception {
        String subject = KeyFile.load(installation.keys())
                .subjectKey(Installation.TENANT.toString(), person.id().toString())
                .value();
        assertThat(new FusionAuthApi(installation.fusionAuth()).deleteUser(person.id()))
                .isEqualTo(200);
        var found = new ArrayList<JsonNode>();
        await().atMost(PATIENCE).until(() -> {
            run("list", "--store", "shop", "--json").documents().stream()
                    .filter(letter -> letter.path("subjectKey").asText().equals(subject))
                    .forEach(found::add);
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    private static List<String> awaitKeysWith(String code, int number) {
        var keys = new ArrayList<String>();
        await().atMost(PATIENCE).until(() -> {
            keys.clear();
            run("list", "--code", code, "--json")
                    .documents()
                    .forEach(letter -> keys.add(letter.path("key").asText()));
            return keys.size() == number;
        });
        return keys;
    }

    private static void redriveBehindTheCommandsBack(String key) throws Exception {
        WorkerConfig config = ConfigFile.load(installation.workerConfigFile(), System.getenv(), WorkerConfig::read)
                .config();
        try (var topic = new DeadLetters(config.kafka(), InstantSource.system())) {
            List<DeadLetter> letters = topic.open().stream()
                    .filter(letter -> letter.key().equals(key))
                    .toList();
            topic.redrive(letters, config.retries().delay());
        }
    }

    private static Outcome lastOutcome(String requestId) throws Exception {
        Outcome last = null;
        var kafka =
                new KafkaConfig(Map.of("bootstrap.servers", installation.kafka().bootstrapServers()));
        try (var admin = Admin.create(kafka.with(Map.of()));
                var reader = new TopicReader(kafka, admin)) {
            for (var record : reader.all(TopicDefinition.OUTCOMES)) {
                if (record.key().equals(requestId + "/shop/erase")) {
                    last = Codec.decodeOutcome(record.value());
                }
            }
        }
        return last;
    }

    private static void publishSealedWith(Keys keys, Person person) throws Exception {
        String id = person.id().toString();
        var subject = new Subject(
                keys.subjectKey(Installation.TENANT.toString(), id), id, Installation.TENANT.toString(), Map.of());
        UUID event = UUID.randomUUID();
        Instant now = Instant.now();
        var trigger = new Trigger("fusionauth", "user.delete", event, Installation.TENANT, now);
        publish(EventRecords.request(
                TopicDefinition.REQUESTS,
                keys.seal(event, now, now.plus(Duration.ofDays(30)), trigger, subject),
                null));
    }

    private static void publish(ProducerRecord<String, byte[]> record) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", installation.kafka().bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }

    private static long rowsOf(Person person) throws Exception {
        return installation.databases().get("shop").rowsOf(person.id()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Has the shop's database raise an exception when the person's row is deleted. */
    private static void refuse(Person person) throws Exception {
        String name = triggerOf(person);
        execute("""
                CREATE FUNCTION %1$s() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION 'not %% of all people', OLD.email; END $$;
                CREATE TRIGGER %1$s BEFORE DELETE ON customers FOR EACH ROW
                    WHEN (OLD.id = '%2$s') EXECUTE FUNCTION %1$s();
                """.formatted(name, person.id()));
    }

    private static void noLongerRefuse(Person person) throws Exception {
        execute("DROP TRIGGER %s ON customers".formatted(triggerOf(person)));
    }

    private static String triggerOf(Person person) {
        return "refuse_" + person.id().toString().replace("-", "");
    }

    private static void execute(String sql) throws Exception {
        try (Connection connection = installation.postgres().dataSource("shop").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
