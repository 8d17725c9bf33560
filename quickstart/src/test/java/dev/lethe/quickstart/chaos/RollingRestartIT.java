package dev.lethe.quickstart.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.quickstart.Installation;
import dev.lethe.quickstart.LetheProcess;
import dev.lethe.quickstart.Progress;
import dev.lethe.quickstart.chaos.Aftermath.Written;
import dev.lethe.quickstart.chaos.Deletions.Accepted;
import dev.lethe.quickstart.sample.Digest;
import dev.lethe.quickstart.sample.Person;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three workers are restarted one after another while people are deleted, from the first restart to the last. */
@Tag("nightly")
@Tag("alone")
class RollingRestartIT {
    /** More than a slow machine needs to restart them all. */
    private static final int DELETIONS = 8000;

    private static final int PER_SECOND = 100;
    private static final int AT_A_TIME = 500;
    private static final int PER_SECOND_AFTERWARDS = 500;
    private static final int WORKERS = 3;
    private static final int MAX_BATCH = 50;
    /** In a lane: one in the step's hands, two on their way. */
    private static final int BATCHES_IN_FLIGHT = 3;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final Duration CALM_WITHIN = Duration.ofSeconds(90);
    private static final List<String> STORES = List.of("shop", "support");

    @TempDir
    Path folder;

    @ParameterizedTest(name = "with instanceId: {0}")
    @ValueSource(booleans = {false, true})
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aRollingRestartLosesNothingRepeatsLittleAndPausesBriefly(boolean isStatic) throws Exception {
        var workers = new ArrayList<Service>();
        try (var installation = new Installation(folder.resolve("" + isStatic), DELETIONS + 500, Progress.SILENT);
                var ingress =
                        new Service(() -> LetheProcess.ingress(installation), installation.ingressManagementPort());
                Admin admin = Admin.create(
                        Map.of("bootstrap.servers", installation.kafka().bootstrapServers()))) {
            var all = new Workers(installation, "maxBatch: %d%n".formatted(MAX_BATCH));
            for (int i = 1; i <= WORKERS; i++) {
                workers.add(all.start("worker-" + i, isStatic ? "instanceId: worker-" + i + "\n" : ""));
            }
            workers.forEach(Service::awaitReady);
            ingress.awaitReady();
            List<Person> deleted = installation.people().subList(0, DELETIONS);
            Map<String, Map<String, Digest>> others = Databases.without(
                    installation.databases(), deleted.stream().map(Person::id).toList());

            Instant start = Instant.now();
            Map<UUID, Accepted> underLoad = deleteWhile(() -> restart(workers), installation, deleted);
            assertThat(underLoad.size()).as("deletions while workers restarted").isLessThan(DELETIONS);
            delete(installation, deleted.subList(underLoad.size(), DELETIONS), PER_SECOND_AFTERWARDS);
            await("everything is done")
                    .atMost(CALM_WITHIN)
                    .pollInterval(Duration.ofMillis(200))
                    .untilAsserted(() -> assertThat(Aftermath.lags(admin, Aftermath.groups(STORES)))
                            .isEmpty());

            assertThat(Databases.without(installation.databases(), List.of())).isEqualTo(others);
            assertOutcomes(Aftermath.read(installation.kafka().bootstrapServers(), STORES), start, underLoad);
        } finally {
            workers.forEach(Service::close);
        }
    }

    /** Deletes people, one after another at a steady rate, for as long as something else takes. */
    private static Map<UUID, Accepted> deleteWhile(Runnable other, Installation installation, List<Person> people)
            throws Exception {
        try (ExecutorService hand = Executors.newSingleThreadExecutor()) {
            Future<?> running = hand.submit(other);
            var deleted = new HashMap<UUID, Accepted>();
            while (!running.isDone() && deleted.size() < people.size()) {
                List<Person> next = people.subList(deleted.size(), Math.min(people.size(), deleted.size() + AT_A_TIME));
                deleted.putAll(delete(installation, next, PER_SECOND));
            }
            running.get();
            return deleted;
        }
    }

    private static Map<UUID, Accepted> delete(Installation installation, List<Person> people, int perSecond)
            throws Exception {
        try (var deletions =
                Deletions.begin(installation, people, Duration.ofMillis(people.size() * 1000L / perSecond))) {
            assertThat(deletions.await(CALM_WITHIN)).isTrue();
            return deletions.accepted();
        }
    }

    private static void restart(List<Service> workers) {
        Instant start = Instant.now();
        for (Service worker : workers) {
            assertThat(worker.terminate(Duration.ofSeconds(20))).as("exit code").isEqualTo(143);
            worker.restart();
            worker.awaitReady();
        }
        System.out.printf(
                "three workers restarted within %d ms%n",
                Duration.between(start, Instant.now()).toMillis());
    }

    private static void assertOutcomes(Aftermath aftermath, Instant start, Map<UUID, Accepted> underLoad) {
        System.out.printf(
                "%d outcomes, %d copies; %d deletions while workers restarted; longest pause of a store %s, of a request %s%n",
                aftermath.outcomes().size(),
                aftermath.copies(),
                underLoad.size(),
                longestPause(aftermath, start),
                longestWait(aftermath, underLoad));
        assertThat(aftermath.outcomes().keySet())
                .isEqualTo(Aftermath.keys(aftermath.requests().keySet(), STORES));
        assertThat(aftermath.outcomes().values())
                .extracting(Outcome::status)
                .isSubsetOf(Status.ERASED, Status.NOT_FOUND);
        assertThat(aftermath.copies())
                .as("outcomes beyond one per request and store")
                .isLessThanOrEqualTo(WORKERS * STORES.size() * BATCHES_IN_FLIGHT * MAX_BATCH);
        assertThat(longestPause(aftermath, start)).isLessThan(LONGEST_PAUSE);
        assertThat(longestWait(aftermath, underLoad)).isLessThan(LONGEST_PAUSE);
        assertThat(aftermath.openDeadLetters()).isEmpty();
    }

    /** The longest time between an acknowledgement and a store's outcome: a pause of one partition shows here alone. */
    private static Duration longestWait(Aftermath aftermath, Map<UUID, Accepted> accepted) {
        var first = new HashMap<String, Instant>();
        aftermath.written().forEach(outcome -> first.putIfAbsent(outcome.key(), outcome.at()));
        return accepted.entrySet().stream()
                .flatMap(event -> STORES.stream()
                        .map(store -> first.get(event.getKey() + "/" + store + "/" + Outcome.ERASE))
                        .map(outcome -> Duration.between(event.getValue().at(), outcome)))
                .max(Duration::compareTo)
                .orElseThrow();
    }

    /** The longest time, since the first request, in which a store had no outcome. */
    private static Duration longestPause(Aftermath aftermath, Instant start) {
        return STORES.stream()
                .map(store -> aftermath.written().stream()
                        .filter(outcome -> outcome.key().contains("/" + store + "/"))
                        .map(Written::at)
                        .toList())
                .map(instants -> longestPause(instants, start))
                .max(Duration::compareTo)
                .orElseThrow();
    }

    private static Duration longestPause(List<Instant> outcomes, Instant start) {
        Duration longest = Duration.ZERO;
        Instant last = start;
        for (Instant outcome : outcomes) {
            Duration pause = Duration.between(last, outcome);
            longest = pause.compareTo(longest) > 0 ? pause : longest;
            last = outcome;
        }
        return longest;
    }
}
