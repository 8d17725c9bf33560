package dev.lethe.quickstart.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.quickstart.Installation;
import dev.lethe.quickstart.LetheProcess;
import dev.lethe.quickstart.Progress;
import dev.lethe.quickstart.chaos.Deletions.Accepted;
import dev.lethe.quickstart.sample.Digest;
import dev.lethe.quickstart.sample.Person;
import dev.lethe.quickstart.sample.SampleDatabase;
import dev.lethe.quickstart.sample.SupportDatabase;
import dev.lethe.quickstart.server.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One of two databases is away for much longer than a consumer may go without a poll, 5,000 requests wait for it ({@code
 * -Pchaos} makes it 50,000), and workers come and go meanwhile.
 */
@Tag("nightly")
@Tag("alone")
class StoreOutageIT {
    private static final int WAITING = Integer.getInteger("lethe.outage.waiting", 5000);
    private static final int BEFORE = 1000;
    private static final int ALONE = 500;
    private static final int PER_SECOND = 250;
    private static final Duration MAX_POLL_INTERVAL = Duration.ofSeconds(6);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(15);
    private static final int MAX_BATCH = 500;
    private static final List<String> STORES = List.of("shop", "support");
    private static final Duration CALM_WITHIN = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void aStoreThatIsAwayHoldsUpNobodyElseAndIsWorkedOffInFullBatches() throws Exception {
        try (var installation = new Installation(folder, BEFORE + WAITING + ALONE + 500, Progress.SILENT);
                var second = PostgresServer.start(folder.resolve("postgres-2"));
                var ingress =
                        new Service(() -> LetheProcess.ingress(installation), installation.ingressManagementPort());
                Admin admin = Admin.create(
                        Map.of("bootstrap.servers", installation.kafka().bootstrapServers()))) {
            Map<String, SampleDatabase> databases =
                    Map.of("shop", installation.databases().get("shop"), "support", support(second, installation));
            Workers workers = workers(installation, second);
            List<Person> before = installation.people().subList(0, BEFORE);
            List<Person> during = installation.people().subList(BEFORE, BEFORE + WAITING);
            List<Person> alone = installation.people().subList(BEFORE + WAITING, BEFORE + WAITING + ALONE);
            Map<String, Map<String, Digest>> others = Databases.without(
                    databases,
                    installation.people().subList(0, BEFORE + WAITING + ALONE).stream()
                            .map(Person::id)
                            .toList());
            ingress.awaitReady();

            try (var worker1 = workers.start("worker-1", "").awaitReady()) {
                // What a worker does for the first time, it does slowly.
                delete(installation, before.subList(0, BEFORE / 2));
                Map<UUID, Accepted> undisturbed = delete(installation, before.subList(BEFORE / 2, BEFORE));
                awaitLag(admin, "support", 0);
                second.kill();
                Instant away = Instant.now();
                Map<UUID, Accepted> disturbed;
                try (var deletions = Deletions.begin(installation, during, duration(WAITING))) {
                    try (var worker2 = workers.start("worker-2", "").awaitReady();
                            var worker3 = workers.start("worker-3", "lanesPerStore: 8\n")
                                    .awaitReady()) {
                        await("the outage lasts")
                                .atMost(CALM_WITHIN)
                                .until(() -> Duration.between(away, Instant.now())
                                                .compareTo(MAX_POLL_INTERVAL.multipliedBy(3))
                                        > 0);
                        assertThat(LaneHealth.of(worker2).state("support")).isEqualTo("holding");
                        assertThat(worker2.terminate(STOPS_WITHIN))
                                .as("exit code of a worker that holds")
                                .isEqualTo(143);
                        assertThat(worker3.terminate(STOPS_WITHIN))
                                .as("exit code of a worker that holds with many lanes")
                                .isEqualTo(143);
                    }
                    assertThat(deletions.await(CALM_WITHIN.plus(duration(WAITING))))
                            .isTrue();
                    disturbed = deletions.accepted();
                }
                awaitLag(admin, "shop", 0);
                // As before the outage, but for the store that is away: one worker, and nothing starts.
                Map<UUID, Accepted> calm = delete(installation, alone);
                awaitLag(admin, "shop", 0);
                Aftermath meanwhile = Aftermath.read(installation.kafka().bootstrapServers(), STORES);
                assertThat(LaneHealth.of(worker1).state("support")).isEqualTo("holding");
                assertThat(outcomesOf("support", meanwhile).stream().filter(of(disturbed)))
                        .as("done in a store that is away")
                        .isEmpty();
                assertOtherStoreWasUnaffected(meanwhile, undisturbed, disturbed, calm);

                LaneHealth.Batches held = LaneHealth.of(worker1).batches("support");
                second.restart();
                Instant back = Instant.now();
                awaitLag(admin, "support", 0);
                LaneHealth.Batches drained =
                        LaneHealth.of(worker1).batches("support").since(held);
                System.out.printf(
                        "backlog of %d drained within %d ms in %d batches, %.0f records each on average%n",
                        WAITING + ALONE,
                        Duration.between(back, Instant.now()).toMillis(),
                        drained.number(),
                        drained.average());
                assertThat(drained.average()).as("records per batch").isGreaterThan(0.6 * MAX_BATCH);
            }

            assertThat(Databases.without(databases, List.of())).isEqualTo(others);
            assertNothingBurned(Aftermath.read(installation.kafka().bootstrapServers(), STORES));
        }
    }

    private static void assertOtherStoreWasUnaffected(
            Aftermath aftermath,
            Map<UUID, Accepted> undisturbed,
            Map<UUID, Accepted> disturbed,
            Map<UUID, Accepted> calm) {
        double before = median(latencies(aftermath, undisturbed));
        double scaling = median(latencies(aftermath, disturbed));
        double during = median(latencies(aftermath, calm));
        System.out.printf(
                "shop: acknowledged to erased, median %.0f ms before the outage of support; during it %.0f ms: ratio %.2f;"
                        + " while two more workers came and went, %.0f ms: ratio %.2f%n",
                before, during, during / before, scaling, scaling / before);
        // Below a tenth of a second it is the machine that is measured.
        assertThat(during).as("median latency in ms").isLessThan(Math.max(2 * before, 100));
        // Two JVMs start on the same cores.
        assertThat(scaling).as("median latency in ms while workers start").isLessThan(Math.max(10 * before, 1000));
    }

    private static void assertNothingBurned(Aftermath aftermath) {
        assertThat(aftermath.outcomes().keySet())
                .isEqualTo(Aftermath.keys(aftermath.requests().keySet(), STORES));
        assertThat(aftermath.outcomes().values()).extracting(Outcome::attempt).containsOnly(1);
        assertThat(aftermath.outcomes().values())
                .extracting(Outcome::status)
                .isSubsetOf(Status.ERASED, Status.NOT_FOUND);
        assertThat(aftermath.retried()).as("retries").isZero();
        assertThat(aftermath.openDeadLetters()).isEmpty();
        System.out.println(aftermath.copies() + " copies of outcomes");
    }

    private static List<Outcome> outcomesOf(String store, Aftermath aftermath) {
        return aftermath.outcomes().values().stream()
                .filter(outcome -> outcome.store().equals(store))
                .toList();
    }

    private static List<Long> latencies(Aftermath aftermath, Map<UUID, Accepted> accepted) {
        return outcomesOf("shop", aftermath).stream()
                .filter(of(accepted))
                .map(outcome -> Math.max(
                        0,
                        Duration.between(accepted.get(outcome.requestId()).at(), outcome.at())
                                .toMillis()))
                .toList();
    }

    private static Predicate<Outcome> of(Map<UUID, Accepted> accepted) {
        return outcome -> accepted.containsKey(outcome.requestId());
    }

    private static double median(Collection<Long> values) {
        List<Long> sorted = values.stream().sorted().toList();
        assertThat(sorted).as("latencies").isNotEmpty();
        // Not below what a clock of milliseconds can tell.
        return Math.max(1, sorted.get(sorted.size() / 2));
    }

    private static Map<UUID, Accepted> delete(Installation installation, List<Person> people) throws Exception {
        try (var deletions = Deletions.begin(installation, people, duration(people.size()))) {
            assertThat(deletions.await(CALM_WITHIN)).isTrue();
            return deletions.accepted();
        }
    }

    private static Duration duration(int deletions) {
        return Duration.ofMillis(deletions * 1000L / PER_SECOND);
    }

    private static void awaitLag(Admin admin, String store, long lag) {
        await("lag of " + store)
                .atMost(CALM_WITHIN)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> Aftermath.lags(admin, Map.of("erasure." + store, "erasure.requests"))
                                .getOrDefault("erasure." + store, 0L)
                        == lag);
    }

    private static SampleDatabase support(PostgresServer server, Installation installation) throws Exception {
        server.createDatabase("support");
        var database = new SupportDatabase(server.dataSource("support"));
        database.create();
        database.fill(installation.people());
        return database;
    }

    private static Workers workers(Installation installation, PostgresServer second) throws Exception {
        String broker =
                "bootstrap.servers: \"%s\"".formatted(installation.kafka().bootstrapServers());
        return new Workers(installation, """
                backoff: { most: PT2S }
                maxBatch: %d
                """.formatted(MAX_BATCH))
                .with(installation.postgres().jdbcUrl("support"), second.jdbcUrl("support"))
                .with(broker, broker + ", max.poll.interval.ms: " + MAX_POLL_INTERVAL.toMillis());
    }
}
