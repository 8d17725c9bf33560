package dev.lethe.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.events.TopicDefinition;
import dev.lethe.quickstart.sample.Digest;
import dev.lethe.quickstart.sample.Person;
import dev.lethe.quickstart.sample.SampleDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand of two thousand users are deleted, and the worker is killed again and again in the middle of its work. */
class EndToEndIT {
    private static final int PEOPLE = 2000;
    private static final int DELETED = 1000;
    private static final int KILLS = 3;
    private static final String LEDGER = "ledger";
    /** A deletion that was not answered in time is asked for again, and is another request of the same person. */
    private static final String COMPLETED =
            "select count(distinct subject_key) from request where status = 'completed'";

    @TempDir
    Path folder;

    @Test
    void exactlyTheDeletedAreGoneAndNobodysNameIsAnywhere() throws Exception {
        try (var installation = new Installation(folder, PEOPLE, Progress.SILENT);
                var ingress = LetheProcess.ingress(installation);
                var ledger = ledger(installation);
                var deletions = Executors.newFixedThreadPool(16)) {
            ingress.awaitReady(installation.ingressManagementPort());
            List<Person> deleted = everySecond(installation.people());
            List<UUID> ids = deleted.stream().map(Person::id).toList();
            Map<String, Map<String, Digest>> others = digestsWithout(installation, ids);
            var api = new FusionAuthApi(installation.fusionAuth());
            DataSource noted = installation.postgres().dataSource(LEDGER);

            List<CompletableFuture<Void>> answers = new ArrayList<>();
            for (int round = 0; round < KILLS; round++) {
                try (var worker = LetheProcess.worker(installation).awaitReady(installation.workerManagementPort())) {
                    long before = customers(installation);
                    answers.addAll(delete(round(deleted, round), api, deletions));
                    await("the worker is in the middle of it")
                            .pollDelay(Duration.ZERO)
                            .pollInterval(Duration.ofMillis(10))
                            .atMost(Duration.ofMinutes(1))
                            .until(() -> customers(installation) < before);
                    worker.kill();
                }
            }
            answers.addAll(delete(round(deleted, KILLS), api, deletions));
            try (var worker = LetheProcess.worker(installation)) {
                for (CompletableFuture<Void> answer : answers) {
                    answer.join();
                }
                await("every row of the deleted is gone")
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> digestsWithout(installation, List.of()).equals(others));
                await("the ledger has it of every one of them, under a checkpoint")
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> number(noted, COMPLETED) == DELETED
                                && number(noted, "select coalesce(max(size), 0) from checkpoint")
                                        == number(noted, "select size from journal"));
                assertThat(worker.terminate(Duration.ofSeconds(20)))
                        .as("exit code after SIGTERM")
                        .isEqualTo(143);
            }

            assertThat(digestsWithout(installation, ids))
                    .as("rows of those who were not deleted")
                    .isEqualTo(others);
            assertThat(installation.fusionAuth().userCount()).isEqualTo(PEOPLE - DELETED);
            LeakSearch search = LeakSearch.forEverybody(installation.people())
                    .inAnswers(
                            installation.consoleUrl(),
                            installation.operatorToken(),
                            LeakSearch.pages(oneCompleted(noted)));
            assertThat(ledger.terminate(Duration.ofSeconds(20)))
                    .as("exit code after SIGTERM")
                    .isEqualTo(143);
            search.inTopics(installation.kafka().bootstrapServers())
                    .inDatabase(LEDGER, noted)
                    .inLogs(folder)
                    .findsNothing(
                            Map.of(
                                    TopicDefinition.REQUESTS,
                                    DELETED,
                                    TopicDefinition.OUTCOMES,
                                    2 * DELETED,
                                    TopicDefinition.JOURNAL,
                                    3 * DELETED),
                            "ingress.log",
                            "worker.log",
                            "ledger.log",
                            "kafka.log",
                            "postgres.log");
        }
    }

    /** From the beginning on. */
    private static LetheProcess ledger(Installation installation) {
        return LetheProcess.start(
                installation.directory().resolve("ledger.log"),
                "ledger",
                "--config",
                installation.ledgerConfigFile().toString());
    }

    private static String oneCompleted(DataSource database) throws SQLException {
        return first(database, "select request_id::text from request where status = 'completed'", ResultSet::getString);
    }

    private static long number(DataSource database, String query) throws SQLException {
        return first(database, query, ResultSet::getLong);
    }

    private interface Column<T> {
        T of(ResultSet row, int column) throws SQLException;
    }

    private static <T> T first(DataSource database, String query, Column<T> column) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return column.of(result, 1);
        }
    }

    /** Whoever deletes a user in FusionAuth and gets a 504, because a webhook did not agree in time, does it again. */
    private static void deleteAsCallersDo(FusionAuthApi api, Person person) {
        await().atMost(Duration.ofMinutes(1)).until(() -> api.deleteUser(person.id()) == 200);
    }

    private static List<CompletableFuture<Void>> delete(List<Person> people, FusionAuthApi api, Executor deletions) {
        return people.stream()
                .map(person -> CompletableFuture.runAsync(() -> deleteAsCallersDo(api, person), deletions))
                .toList();
    }

    /** One round before each kill, and a last one. */
    private static List<Person> round(List<Person> people, int round) {
        int size = people.size() / (KILLS + 1);
        return people.subList(round * size, (round + 1) * size);
    }

    private static long customers(Installation installation) throws SQLException {
        return digestsWithout(installation, List.of())
                .get("shop")
                .get("customers")
                .items();
    }

    private static List<Person> everySecond(List<Person> people) {
        var chosen = new ArrayList<Person>();
        for (int i = 0; i < people.size(); i += PEOPLE / DELETED) {
            chosen.add(people.get(i));
        }
        return chosen;
    }

    private static Map<String, Map<String, Digest>> digestsWithout(Installation installation, List<UUID> people)
            throws SQLException {
        var digests = new LinkedHashMap<String, Map<String, Digest>>();
        for (Map.Entry<String, SampleDatabase> database :
                installation.databases().entrySet()) {
            digests.put(database.getKey(), database.getValue().digestWithout(people));
        }
        return digests;
    }
}
