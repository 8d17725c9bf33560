package dev.lethe.quickstart.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.ingress.Ingress;
import dev.lethe.quickstart.Installation;
import dev.lethe.quickstart.Progress;
import dev.lethe.quickstart.sample.Digest;
import dev.lethe.quickstart.sample.Person;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody has so many rows that they are erased in pieces, and the worker is killed in the midst of them. */
@Tag("thorough")
class LargePersonIT {
    private static final int MESSAGES = 60_000;
    private static final int DELETIONS = 40;
    private static final List<String> STORES = List.of("shop", "support");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    @Timeout(300)
    void aWorkerThatIsKilledInTheMiddleLosesNothing() throws Exception {
        try (var installation = new Installation(folder, 100, Progress.SILENT);
                Ingress ingress = installation.startIngress();
                Admin admin = Admin.create(
                        Map.of("bootstrap.servers", installation.kafka().bootstrapServers()))) {
            List<Person> deleted = installation.people().subList(0, DELETIONS);
            Person large = deleted.getFirst();
            inSupport(installation, """
                    INSERT INTO messages (ticket_id, body)
                    SELECT (SELECT min(id) FROM tickets WHERE requester_id = '%s'), 'message ' || n
                    FROM generate_series(1, %d) AS n;
                    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
                        'BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END';
                    CREATE TRIGGER slow AFTER DELETE ON messages FOR EACH STATEMENT EXECUTE FUNCTION slow();
                    """.formatted(large.id(), MESSAGES));
            Map<String, Map<String, Digest>> others = Databases.without(
                    installation.databases(), deleted.stream().map(Person::id).toList());
            await().atMost(PATIENCE).until(() -> ingress.problems().isEmpty());
            Workers workers = new Workers(installation, "retries: { delay: PT1S }\n");

            try (var worker = workers.start("worker", "").awaitReady()) {
                try (var deletions = Deletions.begin(installation, deleted, Duration.ofSeconds(1))) {
                    assertThat(deletions.await(PATIENCE)).isTrue();
                }
                await("the first pieces").atMost(PATIENCE).until(() -> messages(installation, large) < MESSAGES);
                worker.kill();
                assertThat(messages(installation, large)).as("not yet erased").isPositive();

                inSupport(installation, "DROP TRIGGER slow ON messages");
                worker.restart();
                await("everybody is erased")
                        .atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(Aftermath.lags(admin, Aftermath.groups(STORES)))
                                .isEmpty());
            }

            assertThat(Databases.without(installation.databases(), List.of())).isEqualTo(others);
            Aftermath end = Aftermath.read(installation.kafka().bootstrapServers(), STORES);
            assertThat(end.outcomes().keySet())
                    .isEqualTo(Aftermath.keys(end.requests().keySet(), STORES));
            assertThat(end.outcomes().values()).extracting(Outcome::status).isSubsetOf(Status.ERASED, Status.NOT_FOUND);
            assertThat(end.openDeadLetters()).isEmpty();
        }
    }

    private static long messages(Installation installation, Person person) throws SQLException {
        return installation.databases().get("support").rowsOf(person.id()).get("messages");
    }

    private static void inSupport(Installation installation, String sql) throws SQLException {
        try (var connection = installation.postgres().dataSource("support").getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
