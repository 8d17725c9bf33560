package dev.lethe.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.events.TopicDefinition;
import dev.lethe.quickstart.sample.Digest;
import dev.lethe.quickstart.sample.Person;
import dev.lethe.quickstart.sample.SampleDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand of two thousand users are deleted, and the worker is killed again and again in the middle of its work. */
class EndToEndIT {
    private static final int PEOPLE = 2000;
    private static final int DELETED = 1000;
    private static final int KILLS = 3;

    @TempDir
    Path folder;

    @Test
    void exactlyTheDeletedAreGoneAndNobodysNameIsAnywhere() throws Exception {
        try (var installation = new Installation(folder, PEOPLE, Progress.SILENT);
                var ingress = LetheProcess.ingress(installation);
                var deletions = Executors.newFixedThreadPool(16)) {
            ingress.awaitReady(installation.ingressManagementPort());
            List<Person> deleted = everySecond(installation.people());
            List<UUID> ids = deleted.stream().map(Person::id).toList();
            Map<String, Map<String, Digest>> others = digestsWithout(installation, ids);
            var api = new FusionAuthApi(installation.fusionAuth());

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
                assertThat(worker.terminate(Duration.ofSeconds(20)))
                        .as("exit code after SIGTERM")
                        .isEqualTo(143);
            }

            assertThat(digestsWithout(installation, ids))
                    .as("rows of those who were not deleted")
                    .isEqualTo(others);
            assertThat(installation.fusionAuth().userCount()).isEqualTo(PEOPLE - DELETED);
            LeakSearch.forEverybody(installation.people())
                    .inTopics(installation.kafka().bootstrapServers())
                    .inLogs(folder)
                    .findsNothing(
                            Map.of(TopicDefinition.REQUESTS, DELETED, TopicDefinition.OUTCOMES, 2 * DELETED),
                            "ingress.log",
                            "worker.log",
                            "kafka.log",
                            "postgres.log");
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
