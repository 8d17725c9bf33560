package dev.lethe.quickstart.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Status;
import dev.lethe.quickstart.Installation;
import dev.lethe.quickstart.LetheProcess;
import dev.lethe.quickstart.Progress;
import dev.lethe.quickstart.chaos.ChaosSchedule.Action;
import dev.lethe.quickstart.chaos.ChaosSchedule.Blow;
import dev.lethe.quickstart.chaos.ChaosSchedule.Victim;
import dev.lethe.quickstart.chaos.Deletions.Accepted;
import dev.lethe.quickstart.sample.Digest;
import dev.lethe.quickstart.sample.Person;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * People are deleted at a steady rate while broker, workers, ingress and database are killed and frozen. The seed decides what
 * happens when; {@code -Dlethe.chaos.seed=} makes it happen again. {@code -Pchaos} makes it last ten minutes.
 */
class ChaosIT {
    private static final long SEED = Long.getLong("lethe.chaos.seed", new Random().nextInt(1_000_000));
    private static final int DELETIONS = Integer.getInteger("lethe.chaos.deletions", 2000);
    private static final int ACTIONS = Integer.getInteger("lethe.chaos.actions", 10);
    private static final Duration LASTS = Duration.ofSeconds(Integer.getInteger("lethe.chaos.seconds", 50));
    private static final Duration CALM_WITHIN = Duration.ofSeconds(90);

    private static final List<String> STORES = List.of("shop", "support");
    /** What a store refuses comes back soon, so that it is seen before the end. */
    private static final String SETTINGS = """
            backoff: { most: PT2S }
            retries: { delay: PT2S }
            """;

    /** Stays where a run fails: it has the logs of all processes. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private final ChaosSchedule schedule = ChaosSchedule.of(SEED, ACTIONS, LASTS);

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void everyAcceptedDeletionIsDoneOnceAndNobodyElseIsTouched() throws Exception {
        say("Chaos with seed " + SEED + ":\n" + schedule);
        try (var installation = new Installation(folder, 2 * DELETIONS, Progress.SILENT);
                var ingress =
                        new Service(() -> LetheProcess.ingress(installation), installation.ingressManagementPort());
                var worker1 = new Workers(installation, SETTINGS).start("worker-1", "");
                var worker2 = new Workers(installation, SETTINGS).start("worker-2", "");
                Admin admin = Admin.create(
                        Map.of("bootstrap.servers", installation.kafka().bootstrapServers()))) {
            var services = new EnumMap<Victim, Service>(Victim.class);
            services.put(Victim.INGRESS, ingress);
            services.put(Victim.WORKER_1, worker1);
            services.put(Victim.WORKER_2, worker2);
            services.values().forEach(Service::awaitReady);
            List<Person> deleted = everySecond(installation.people());
            Map<String, Map<String, Digest>> others = Databases.without(
                    installation.databases(), deleted.stream().map(Person::id).toList());

            Map<UUID, Accepted> accepted = deleteAmidChaos(installation, services, deleted);

            assertThat(services.values()).as(because("services live")).allMatch(Service::isAlive);
            services.values().forEach(Service::awaitReady);
            await(because("everything that is in the log is done"))
                    .atMost(CALM_WITHIN)
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(Aftermath.lags(admin, Aftermath.groups(STORES)))
                            .as(because("lags"))
                            .isEmpty());
            assertThat(Databases.without(installation.databases(), List.of()))
                    .as(because("all rows that are left are the rows of the others"))
                    .isEqualTo(others);
            assertOutcomes(Aftermath.read(installation.kafka().bootstrapServers(), STORES), accepted.keySet());
        }
    }

    private Map<UUID, Accepted> deleteAmidChaos(
            Installation installation, Map<Victim, Service> services, List<Person> deleted) throws Exception {
        try (var deletions = Deletions.begin(installation, deleted, LASTS);
                var chaos = new Chaos(installation, services)) {
            chaos.unfold(schedule);
            assertThat(deletions.await(LASTS.plus(CALM_WITHIN)))
                    .as(because("all are accepted in the end: " + deletions.summary()))
                    .isTrue();
            assertThat(deletions.surprises()).as(because("answers")).isEmpty();
            chaos.awaitEnd();
            say(deletions.summary());
            return deletions.accepted();
        }
    }

    private void assertOutcomes(Aftermath aftermath, Set<UUID> accepted) {
        say("%d requests in the log, %d outcomes, %d copies of outcomes, %d retries, %s"
                .formatted(
                        aftermath.requests().size(),
                        aftermath.outcomes().size(),
                        aftermath.copies(),
                        aftermath.retried(),
                        aftermath.outcomes().values().stream()
                                .collect(Collectors.groupingBy(Outcome::status, Collectors.counting()))));
        assertThat(aftermath.requests().keySet())
                .as(because("what was accepted is in the log"))
                .containsAll(accepted);
        assertThat(aftermath.outcomes().keySet())
                .as(because("one final outcome per request and store"))
                .isEqualTo(Aftermath.keys(aftermath.requests().keySet(), STORES));
        assertThat(aftermath.outcomes().values())
                .as(because("outcomes"))
                .extracting(Outcome::status)
                .isSubsetOf(Status.ERASED, Status.NOT_FOUND);
        assertThat(aftermath.openDeadLetters()).as(because("dead letters")).isEmpty();
    }

    private String because(String what) {
        return what + "; -Dlethe.chaos.seed=" + SEED + "\n" + schedule;
    }

    private static List<Person> everySecond(List<Person> people) {
        var chosen = new ArrayList<Person>();
        for (int i = 0; i < people.size(); i += 2) {
            chosen.add(people.get(i));
        }
        return chosen;
    }

    private static void say(String what) {
        System.out.println(what);
    }

    /** Does what the schedule says: one thing after the other to each victim, to several victims at once. */
    private static final class Chaos implements AutoCloseable {
        private final Installation installation;
        private final Map<Victim, Service> services;
        private final Map<Victim, ScheduledExecutorService> hands = new EnumMap<>(Victim.class);
        private final List<Future<?>> blows = new ArrayList<>();

        Chaos(Installation installation, Map<Victim, Service> services) {
            this.installation = installation;
            this.services = services;
            for (Victim victim : Victim.values()) {
                hands.put(victim, Executors.newSingleThreadScheduledExecutor());
            }
        }

        void unfold(ChaosSchedule schedule) {
            for (Action action : schedule.actions()) {
                ScheduledExecutorService hand = hands.get(action.victim());
                long at = action.at().toMillis();
                blows.add(hand.schedule(() -> begin(action), at, TimeUnit.MILLISECONDS));
            }
        }

        void awaitEnd() throws Exception {
            for (Future<?> blow : blows) {
                blow.get(2, TimeUnit.MINUTES);
            }
        }

        private void begin(Action action) {
            strike(action.victim(), action.blow());
            await().pollDelay(action.lasts())
                    .timeout(action.lasts().plusSeconds(10))
                    .until(() -> true);
            bringBack(action.victim(), action.blow());
        }

        private void strike(Victim victim, Blow blow) {
            switch (victim) {
                case BROKER -> choose(blow, installation.kafka()::kill, installation.kafka()::freeze);
                case POSTGRES -> choose(blow, installation.postgres()::kill, installation.postgres()::freeze);
                default -> choose(blow, services.get(victim)::kill, services.get(victim)::freeze);
            }
        }

        private void bringBack(Victim victim, Blow blow) {
            switch (victim) {
                case BROKER -> choose(blow, installation.kafka()::restart, installation.kafka()::thaw);
                case POSTGRES -> choose(blow, installation.postgres()::restart, installation.postgres()::thaw);
                default -> choose(blow, services.get(victim)::restart, services.get(victim)::thaw);
            }
        }

        private static void choose(Blow blow, Runnable kill, Runnable freeze) {
            (blow == Blow.KILL ? kill : freeze).run();
        }

        @Override
        public void close() {
            hands.values().forEach(ScheduledExecutorService::shutdownNow);
            // Nobody comes back after the end.
            hands.values().forEach(ScheduledExecutorService::close);
        }
    }
}
