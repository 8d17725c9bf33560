package dev.lethe.quickstart.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lethe.events.Codec;
import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.quickstart.Installation;
import dev.lethe.quickstart.LetheProcess;
import dev.lethe.quickstart.Progress;
import dev.lethe.quickstart.chaos.Deletions.Accepted;
import dev.lethe.quickstart.ops.OpsCommand;
import dev.lethe.quickstart.sample.Digest;
import dev.lethe.quickstart.sample.Person;
import dev.lethe.worker.app.DeadLettersCommand;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One among five thousand can't be deleted from the shop, until somebody drops the trigger that says no. */
@Tag("thorough")
class PoisonIT {
    private static final int DELETIONS = 5000;
    private static final int PER_SECOND = 250;
    private static final Duration MAX_AGE = Duration.ofSeconds(15);
    private static final Duration CALM_WITHIN = Duration.ofSeconds(60);
    private static final List<String> STORES = List.of("shop", "support");

    @TempDir
    Path folder;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void onePersonWhoseRowsCannotBeDeletedDelaysNobodyElseAndIsErasedInTheEnd() throws Exception {
        try (var installation = new Installation(folder, DELETIONS + 500, Progress.SILENT);
                var ingress =
                        new Service(() -> LetheProcess.ingress(installation), installation.ingressManagementPort());
                var worker = new Workers(installation, "retries: { delay: PT1S, maxAge: %s }%n".formatted(MAX_AGE))
                        .start("worker", "");
                Admin admin = Admin.create(
                        Map.of("bootstrap.servers", installation.kafka().bootstrapServers()))) {
            List<Person> deleted = installation.people().subList(0, DELETIONS);
            Person poison = deleted.get(DELETIONS / 2);
            Map<String, Map<String, Digest>> others = Databases.without(
                    installation.databases(), deleted.stream().map(Person::id).toList());
            inShop(installation, """
                    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                        $$ BEGIN RAISE EXCEPTION 'not %%', OLD.email; END $$;
                    CREATE TRIGGER refuse BEFORE DELETE ON customers FOR EACH ROW
                        WHEN (OLD.id = '%s') EXECUTE FUNCTION refuse();
                    """.formatted(poison.id()));
            ingress.awaitReady();
            worker.awaitReady();

            Map<UUID, Accepted> accepted = delete(installation, deleted);
            awaitNoLag(admin, "erasure.shop", "erasure.support");
            UUID refused = eventOf(poison, accepted);
            assertOthersWereNotDelayed(
                    Aftermath.read(installation.kafka().bootstrapServers(), STORES), accepted, refused);

            List<JsonNode> letters = awaitDeadLetter(installation, refused);
            JsonNode letter = letters.getLast();
            Aftermath givenUp = Aftermath.read(installation.kafka().bootstrapServers(), STORES);
            assertDeadLetter(letter, refused, installation);
            assertThat(outcome(givenUp, refused, "shop")).satisfies(outcome -> {
                assertThat(outcome.status()).isEqualTo(Status.FAILED);
                assertThat(outcome.code()).isEqualTo("RAISED");
                assertThat(Duration.between(
                                Instant.parse(letter.path("firstFailedAt").asText()), outcome.at()))
                        .as("age at which it was given up")
                        .isGreaterThanOrEqualTo(MAX_AGE);
            });
            assertThat(letters)
                    .extracting(it -> it.path("subjectKey").asText())
                    .containsOnly(letter.path("subjectKey").asText());
            assertThat(givenUp.retried())
                    .as("retries, all of one person")
                    .isEqualTo(letters.stream()
                            .mapToInt(it -> it.path("attempts").asInt() - 1)
                            .sum());

            inShop(installation, "DROP TRIGGER refuse ON customers");
            OpsCommand redrive = deadLetters(installation, "redrive", "--store", "shop", "--wait", "PT60S");

            assertThat(redrive.out()).contains("closed\tstore shop: ERASED");
            assertThat(redrive.exitCode()).as(redrive.err()).isZero();
            assertThat(deadLetters(installation, "list").out())
                    .as("open dead letters")
                    .isEmpty();
            assertThat(Databases.without(installation.databases(), List.of()))
                    .as("all rows that are left are the rows of the others")
                    .isEqualTo(others);
            Aftermath end = Aftermath.read(installation.kafka().bootstrapServers(), STORES);
            assertThat(end.outcomes().keySet())
                    .isEqualTo(Aftermath.keys(end.requests().keySet(), STORES));
            assertThat(outcome(end, refused, "shop").status()).isIn(Status.ERASED, Status.NOT_FOUND);
            assertThat(end.openDeadLetters()).isEmpty();
        }
    }

    private static void assertOthersWereNotDelayed(Aftermath aftermath, Map<UUID, Accepted> accepted, UUID refused) {
        List<Outcome> shop = outcomesOf("shop", aftermath, accepted.keySet(), refused);
        assertThat(shop).hasSize(DELETIONS - 1).allSatisfy(outcome -> {
            // An event that was not answered in time can have done it before.
            assertThat(outcome.status()).isIn(Status.ERASED, Status.NOT_FOUND);
            assertThat(outcome.attempt()).isEqualTo(1);
        });
        List<Long> withPoison = latencies(shop, accepted);
        List<Long> without = latencies(outcomesOf("support", aftermath, accepted.keySet(), refused), accepted);
        System.out.printf(
                "acknowledged to erased, ms: shop, which refuses one, median %d, p99 %d, most %d;"
                        + " support, which refuses nobody, median %d, p99 %d, most %d%n",
                percentile(withPoison, 50),
                percentile(withPoison, 99),
                percentile(withPoison, 100),
                percentile(without, 50),
                percentile(without, 99),
                percentile(without, 100));
        // Less than a retry would take, or as slow as the machine makes everybody.
        assertThat(percentile(withPoison, 99))
                .as("p99 of the others' latency in ms")
                .isLessThan(Math.max(1000, 3 * percentile(without, 99)));
    }

    private static void assertDeadLetter(JsonNode letter, UUID refused, Installation installation) throws Exception {
        assertThat(letter.path("requestId").asText()).isEqualTo(refused.toString());
        assertThat(letter.path("store").asText()).isEqualTo("shop");
        assertThat(letter.path("code").asText()).isEqualTo("RAISED");
        assertThat(letter.path("group").asText()).isEqualTo("erasure.shop");
        assertThat(letter.path("attempts").asInt()).isGreaterThan(2);
        assertThat(letter.at("/origin/topic").asText()).isEqualTo("erasure.requests");
        ConsumerRecord<String, byte[]> origin = record(
                installation,
                new TopicPartition(
                        letter.at("/origin/topic").asText(),
                        letter.at("/origin/partition").asInt()),
                letter.at("/origin/offset").asLong());
        assertThat(Codec.decodeRequest(origin.value()).requestId())
                .as("the request at the origin")
                .isEqualTo(refused);
    }

    /** One, or more where an event was not answered in time and repeated; the accepted one's is the last. */
    private static List<JsonNode> awaitDeadLetter(Installation installation, UUID request) {
        var letters = new ArrayList<JsonNode>();
        await("the dead letter").atMost(MAX_AGE.plus(CALM_WITHIN)).until(() -> {
            letters.clear();
            letters.addAll(deadLetters(installation, "list", "--json").documents());
            return !letters.isEmpty()
                    && letters.getLast().path("requestId").asText().equals(request.toString());
        });
        return letters;
    }

    private static OpsCommand deadLetters(Installation installation, String... arguments) {
        return OpsCommand.run(new DeadLettersCommand(), installation, arguments);
    }

    private static Map<UUID, Accepted> delete(Installation installation, List<Person> people) throws Exception {
        try (var deletions = Deletions.begin(installation, people, Duration.ofSeconds(DELETIONS / PER_SECOND))) {
            assertThat(deletions.await(CALM_WITHIN.plusSeconds(DELETIONS / PER_SECOND)))
                    .isTrue();
            return deletions.accepted();
        }
    }

    private static UUID eventOf(Person person, Map<UUID, Accepted> accepted) {
        return accepted.entrySet().stream()
                .filter(event -> event.getValue().person().equals(person))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    private static Outcome outcome(Aftermath aftermath, UUID request, String store) {
        return Objects.requireNonNull(aftermath.outcomes().get(request + "/" + store + "/" + Outcome.ERASE));
    }

    private static List<Outcome> outcomesOf(String store, Aftermath aftermath, Set<UUID> accepted, UUID butFor) {
        return aftermath.outcomes().values().stream()
                .filter(outcome -> outcome.store().equals(store))
                .filter(outcome -> accepted.contains(outcome.requestId()))
                .filter(outcome -> !outcome.requestId().equals(butFor))
                .toList();
    }

    private static List<Long> latencies(List<Outcome> outcomes, Map<UUID, Accepted> accepted) {
        return outcomes.stream()
                .map(outcome -> Duration.between(
                                accepted.get(outcome.requestId()).at(), outcome.at())
                        .toMillis())
                .map(millis -> Math.max(0, millis))
                .sorted()
                .toList();
    }

    private static long percentile(List<Long> sorted, int percent) {
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    private static void awaitNoLag(Admin admin, String... groups) {
        for (String group : groups) {
            await("no lag of " + group)
                    .atMost(CALM_WITHIN)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> Aftermath.lags(admin, Map.of(group, "erasure.requests"))
                            .isEmpty());
        }
    }

    private static ConsumerRecord<String, byte[]> record(
            Installation installation, TopicPartition partition, long offset) {
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", installation.kafka().bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, offset);
            return consumer.poll(Duration.ofSeconds(20)).records(partition).getFirst();
        }
    }

    private static void inShop(Installation installation, String sql) throws Exception {
        try (Connection connection = installation.postgres().dataSource("shop").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
