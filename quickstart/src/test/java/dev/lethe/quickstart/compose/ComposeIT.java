package dev.lethe.quickstart.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lethe.quickstart.sample.People;
import dev.lethe.quickstart.sample.Person;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The compose files as they are, with the simulator in FusionAuth's place: images are built, services come up in their order,
 * and people are deleted while containers are killed.
 */
@Tag("compose")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class ComposeIT {
    private static final String SINGLE = "docker-compose.yml";
    private static final String SIMULATOR = "docker-compose.simulator.yml";
    private static final String CLUSTER = "docker-compose.cluster.yml";
    private static final String WORKER = "erasure-worker";

    /** What the compose file's sample data has, and more, so that there is a burst to be killed in. */
    private static final int PEOPLE = 700;

    private static final int BURST = 200;

    @TempDir
    Path folder;

    @Test
    void threeWorkersEraseTheDeletedAloneThoughAWorkerAndTheBrokerAreKilled() throws Exception {
        try (var compose = new Compose(folder, "lethe-it", SINGLE, SIMULATOR);
                var shop = new Shop(compose)) {
            compose.compose("up", "--build", "--detach", "--scale", WORKER + "=3");
            compose.awaitHealthy(9);
            addPeople(compose);
            List<Person> users = users(shop);
            List<Set<UUID>> before = shop.everybody();
            List<Person> first = users.subList(0, BURST);
            List<Person> second = users.subList(BURST, 2 * BURST);

            CompletableFuture<Void> burst = shop.deleteAll(first);
            await("the workers are in the middle of it")
                    .atMost(Duration.ofMinutes(5))
                    .until(() -> shop.customers().size() < before.getFirst().size());
            compose.kill(WORKER, 1);
            burst.join();
            awaitGone(shop, before, first);

            int refused = shop.refused();
            CompletableFuture<Void> interrupted = shop.deleteAll(second);
            compose.kill("kafka", 1);
            Person somebody = users.get(2 * BURST);
            assertThat(shop.delete(somebody)).as("a deletion without a broker").isEqualTo(504);
            assertThat(shop.find(somebody)).as("whose deletion was rolled back").isEqualTo(200);
            compose.compose("start", "kafka");
            interrupted.join();
            assertThat(shop.refused()).as("deletions rolled back meanwhile").isGreaterThan(refused);
            List<Person> deleted = new ArrayList<>(users.subList(0, 2 * BURST));
            awaitGone(shop, before, deleted);

            assertOperated(compose, deleted.getLast(), "12 partitions, 1 replica, min ISR 1");
            assertToldByTheLedger(compose, deleted.size());
            assertStopsCleanly(compose);
        }
    }

    @Test
    void ofThreeBrokersOneMayBeKilled() throws Exception {
        try (var compose = new Compose(folder, "lethe-cluster-it", SINGLE, SIMULATOR, CLUSTER);
                var shop = new Shop(compose)) {
            compose.compose("up", "--build", "--detach");
            compose.awaitHealthy(9);
            List<Person> users = users(shop);
            List<Set<UUID>> before = shop.everybody();
            List<Person> deleted = users.subList(0, BURST / 2);

            CompletableFuture<Void> burst = shop.deleteAll(deleted);
            compose.kill("kafka-3", 1);
            burst.join();
            awaitGone(shop, before, deleted);

            assertOperated(compose, deleted.getLast(), "12 partitions, 3 replicas, min ISR 2");
            assertToldByTheLedger(compose, deleted.size());
        }
    }

    /** As many as the compose file has, and further ones. */
    private static void addPeople(Compose compose) {
        compose.compose(
                "run",
                "--rm",
                "-T",
                "sample-data",
                "sample-data",
                "--people",
                Integer.toString(PEOPLE),
                "--postgres",
                "postgres:5432",
                "--redis",
                "redis:6379",
                "--fusionauth",
                "http://fusionauth:9011");
    }

    /** Those of the people whom FusionAuth has: to it, some are doubles of others. */
    private static List<Person> users(Shop shop) throws IOException, InterruptedException {
        var users = new ArrayList<Person>();
        for (Person person : People.generate(PEOPLE, 1)) {
            if (shop.find(person) == 200) {
                users.add(person);
            }
        }
        return users;
    }

    /** Every trace of the deleted goes, and nobody else's. */
    private static void awaitGone(Shop shop, List<Set<UUID>> before, List<Person> deleted) {
        Set<UUID> gone = deleted.stream().map(Person::id).collect(Collectors.toCollection(TreeSet::new));
        List<Set<UUID>> left = before.stream()
                .map(store -> store.stream()
                        .filter(id -> !gone.contains(id))
                        .collect(Collectors.<UUID, Set<UUID>>toCollection(TreeSet::new)))
                .toList();
        await("the deleted are gone, and nobody else")
                .atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(sizes(shop.everybody())).isEqualTo(sizes(left)));
        assertThat(shop.everybody()).isEqualTo(left);
    }

    private static List<Integer> sizes(List<Set<UUID>> stores) {
        return stores.stream().map(Set::size).toList();
    }

    /** The commands that the compose file offers say so, too. A busy machine may keep a database from answering in time. */
    private static void assertOperated(Compose compose, Person deleted, String replicas) {
        assertThat(command(compose, "lanes")).contains("shop", "support", "sessions");
        await("the check passes")
                .atMost(Duration.ofMinutes(5))
                .pollDelay(Duration.ZERO)
                .untilAsserted(() -> assertThat(command(compose, "check")).contains(replicas));
        await("nothing is found of the deleted")
                .atMost(Duration.ofMinutes(5))
                .pollDelay(Duration.ZERO)
                .untilAsserted(() -> command(
                        compose, "forget-check", "--subject", deleted.id().toString()));
    }

    /** At least so many: who was deleted in vain at first was requested twice. */
    private static void assertToldByTheLedger(Compose compose, int deleted) throws Exception {
        try (var office = new Office(compose)) {
            await("whoever signs in sees that they are erased")
                    .atMost(Duration.ofMinutes(5))
                    .pollDelay(Duration.ZERO)
                    .untilAsserted(() -> {
                        JsonNode counted = office.statistics();
                        assertThat(counted.path("completed").asInt(0)).isGreaterThanOrEqualTo(deleted);
                        assertThat(counted.path("open").asInt(-1)).isZero();
                    });
        }
    }

    /** {@code docker compose run --rm lethe COMMAND --config …}, which has to succeed. */
    private static String command(Compose compose, String... command) {
        var words = new ArrayList<>(List.of("run", "--rm", "-T", "lethe"));
        words.addAll(List.of(command));
        words.addAll(List.of("--config", "/etc/lethe/worker.yaml"));
        return compose.compose(words.toArray(String[]::new));
    }

    private static void assertStopsCleanly(Compose compose) {
        compose.compose("stop", "ingress", WORKER, "fusionauth");

        var codes = compose.exitCodes();
        assertThat(codes.remove(compose.container(WORKER, 1)))
                .as("the killed worker")
                .isEqualTo(137);
        IntStream.rangeClosed(2, 3)
                .mapToObj(number -> compose.container(WORKER, number))
                .forEach(name -> assertThat(codes.get(name)).as(name).isEqualTo(143));
        assertThat(codes.get(compose.container("ingress", 1))).as("ingress").isEqualTo(143);
        assertThat(compose.compose("logs", "--no-color", "ingress", WORKER))
                .contains("ingress stopped")
                .containsPattern(WORKER + "-2 .*worker stopped")
                .containsPattern(WORKER + "-3 .*worker stopped");
        compose.compose("down", "--volumes");
        assertThat(compose.remains()).isEmpty();
    }
}
