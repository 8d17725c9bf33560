package dev.lethe.worker.app;

import dev.lethe.config.Section;
import dev.lethe.events.Durability;
import dev.lethe.health.HttpAddress;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.worker.erase.RetryConfig;
import dev.lethe.worker.lane.Backoff;
import dev.lethe.worker.store.ErasureStore;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a worker is configured with.
 *
 * @param management where probes reach it
 * @param kafka the cluster
 * @param durability what an acknowledged outcome has to survive
 * @param keys the key file
 * @param maxBatch how many requests a store gets at once
 * @param backoff how a lane waits for a store that is down
 * @param retries how a request comes back that a store refused
 * @param stores how to open each store, by name
 */
public record WorkerConfig(
        HttpAddress management,
        KafkaConfig kafka,
        Durability durability,
        Path keys,
        int maxBatch,
        Backoff backoff,
        RetryConfig retries,
        Map<String, Supplier<ErasureStore>> stores) {

    /** Reads the whole file. */
    public static WorkerConfig read(Section file) {
        Section backoff = file.section("backoff");
        return new WorkerConfig(
                HttpAddress.read(file.section("management"), 8081),
                KafkaConfig.read(file.section("kafka")),
                file.choice("durability", Durability.REPLICATED),
                file.path("keys", "keys.json"),
                file.integer("maxBatch", 500, 1, 10_000),
                new Backoff(
                        backoff.duration("first", Backoff.DEFAULT.first()),
                        backoff.duration("most", Backoff.DEFAULT.most())),
                RetryConfig.read(file.section("retries")),
                new StoreKinds().read(file));
    }
}
