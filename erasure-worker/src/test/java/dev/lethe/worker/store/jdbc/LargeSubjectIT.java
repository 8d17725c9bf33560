package dev.lethe.worker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody with very many rows, and a database that goes down while they are erased. */
@Tag("thorough")
class LargeSubjectIT {
    private static final int MESSAGES = 60_000;
    private static final int OTHERS_MESSAGES = 3_000;
    private static final String MAP = "tables: { people: { subject: { id: userId } } }";
    private static final String OTHERS = "SELECT author || ' ' || id || ' ' || body FROM messages WHERE author <> 'ada'"
            + " UNION ALL SELECT id FROM people WHERE id <> 'ada'";

    private static SqlServer server;

    @BeforeAll
    static void start(@TempDir Path directory) {
        server = new OnPostgres(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void fill() {
        server.recreate(server.schema());
        server.execute(
                "CREATE TABLE people (id text PRIMARY KEY)",
                "CREATE TABLE messages (id bigint PRIMARY KEY, author text REFERENCES people, body text)",
                "CREATE INDEX ON messages (author)",
                "INSERT INTO people VALUES ('ada'), ('bob'), ('eve')",
                "INSERT INTO messages SELECT n, CASE WHEN n % 21 > 0 THEN 'ada' WHEN n % 2 > 0 THEN 'bob' ELSE 'eve' END,"
                        + " 'message ' || n FROM generate_series(1, " + (MESSAGES + OTHERS_MESSAGES) + ") AS n");
    }

    @Test
    void aDatabaseThatIsKilledInTheMiddleKeepsWhatIsErasedAndTheRestFollows() throws Exception {
        List<String> others = others();
        long left;
        try (ErasureStore store = store();
                ExecutorService aside = Executors.newSingleThreadExecutor()) {
            assertThat(store.erase(List.of(subject("ada")))).containsExactly(new StoreResult.Large());

            // Fewer at a time than the connection that counts needs to see it: the kill is never too late.
            slowDown();
            Future<StoreResult> erasure = aside.submit(() -> store.eraseLarge(subject("ada")));
            await().until(() -> messages() < MESSAGES - 10_000);
            left = messages();
            server.kill();
            assertThatThrownBy(erasure::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(StoreUnavailableException.class);

            server.restart();
            long recovered = messages();
            assertThat(recovered).as("what was erased stays so").isPositive().isLessThanOrEqualTo(left);
            assertThat(server.number("SELECT count(*) FROM people WHERE id = 'ada'"))
                    .isOne();
            assertThat(others()).isEqualTo(others);

            server.execute("DROP TRIGGER slow ON messages");
            assertThat(store.eraseLarge(subject("ada")))
                    .as("the pieces before the kill are counted, too")
                    .isEqualTo(settled(MESSAGES, 1));
        }

        assertThat(messages()).isZero();
        assertThat(others()).isEqualTo(others);
    }

    @Test
    void aWorkerThatIsReplacedGoesOnWhereTheOtherWasCutOff() throws Exception {
        List<String> others = others();
        try (ErasureStore store = store();
                ExecutorService aside = Executors.newSingleThreadExecutor()) {
            slowDown();
            Future<StoreResult> erasure = aside.submit(() -> store.eraseLarge(subject("ada")));
            await().until(() -> messages() < MESSAGES - 10_000);
            erasure.cancel(true);
        }
        server.execute("DROP TRIGGER slow ON messages");
        long left = messages();
        assertThat(left).isPositive();

        try (ErasureStore another = store()) {
            assertThat(another.eraseLarge(subject("ada"))).isEqualTo(settled(left, 1));
            assertThat(another.eraseLarge(subject("ada"))).isEqualTo(settled(0, 0));
        }

        assertThat(messages()).isZero();
        assertThat(others()).isEqualTo(others);
    }

    /** Each statement on messages takes a moment longer. */
    private static void slowDown() {
        server.execute(
                "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.2); RETURN NULL; END'",
                "CREATE TRIGGER slow AFTER DELETE ON messages FOR EACH STATEMENT EXECUTE FUNCTION slow()");
    }

    private static ErasureStore store() throws Exception {
        return Erasing.JDBC.open(server, MAP);
    }

    private static Subject subject(String userId) {
        return new Subject(new SubjectKey("%22s".formatted(userId).replace(' ', '0')), userId, null, Map.of());
    }

    private static StoreResult settled(long messages, long people) {
        return new StoreResult.Settled(
                List.of(TargetOutcome.deleted("messages", messages), TargetOutcome.deleted("people", people)));
    }

    private static long messages() {
        return server.number("SELECT count(*) FROM messages WHERE author = 'ada'");
    }

    private static List<String> others() {
        return server
                .admin()
                .withHandle(
                        handle -> handle.createQuery(OTHERS).mapTo(String.class).list())
                .stream()
                .sorted()
                .toList();
    }
}
