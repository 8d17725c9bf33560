package dev.lethe.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.quickstart.sample.Person;
import dev.lethe.quickstart.sample.SampleDatabase;
import dev.lethe.quickstart.sample.SampleDatabase.Digest;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand of two thousand users are deleted while the worker is killed again and again. */
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

            List<CompletableFuture<Void>> answers = deleted.stream()
                    .map(person -> CompletableFuture.runAsync(() -> deleteAsCallersDo(api, person), deletions))
                    .toList();
            for (int kill = 1; kill <= KILLS; kill++) {
                int answered = kill * DELETED / (KILLS + 1);
                try (var worker = LetheProcess.worker(installation)) {
                    await().atMost(Duration.ofMinutes(2)).until(() -> done(answers) >= answered);
                    worker.kill();
                }
            }
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
                    .findsNothing();
        }
    }

    /** Whoever deletes a user in FusionAuth and gets a 504, because a webhook did not agree in time, does it again. */
    private static void deleteAsCallersDo(FusionAuthApi api, Person person) {
        await().atMost(Duration.ofMinutes(1)).until(() -> api.deleteUser(person.id()) == 200);
    }

    private static long done(List<CompletableFuture<Void>> answers) {
        return answers.stream().filter(CompletableFuture::isDone).count();
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
