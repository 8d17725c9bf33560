package dev.lethe.ledger.app;

import dev.lethe.config.Section;
import dev.lethe.events.Durability;
import dev.lethe.health.HttpAddress;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.ledger.console.ConsoleConfig;
import dev.lethe.ledger.database.DatabaseConfig;
import dev.lethe.worker.lane.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a ledger is configured with.
 *
 * @param management where probes reach it
 * @param kafka the cluster
 * @param durability what an entry of the journal has to survive
 * @param database where it keeps what it has read
 * @param stores from which people are to be erased, as the workers name them
 * @param proof how it proves what it says
 * @param console what people and programs reach it by
 * @param maxBatch how many records it takes at once
 * @param backoff how a lane waits while the database is down
 * @param instanceId this process's name for static membership
 */
public record LedgerConfig(
        HttpAddress management,
        KafkaConfig kafka,
        Durability durability,
        DatabaseConfig database,
        List<String> stores,
        ProofConfig proof,
        ConsoleConfig console,
        int maxBatch,
        Backoff backoff,
        Optional<String> instanceId) {
    public LedgerConfig {
        stores = List.copyOf(stores);
    }

    /** Reads the whole file. */
    public static LedgerConfig read(Section file) {
        List<String> stores = file.texts("stores");
        if (stores.isEmpty()) {
            file.problem(
                    "stores",
                    "must name the stores of the workers' configuration: a request is done when all of them are");
        }
        return new LedgerConfig(
                HttpAddress.read(file.section("management"), 8081),
                KafkaConfig.read(file.section("kafka")),
                file.choice("durability", Durability.REPLICATED),
                DatabaseConfig.read(file.section("database")),
                stores.stream().sorted().distinct().toList(),
                ProofConfig.read(file.section("proof")),
                ConsoleConfig.read(file, stores),
                file.integer("maxBatch", 10_000, 1, 10_000),
                backoff(file.section("backoff")),
                file.optionalText("instanceId"));
    }

    private static Backoff backoff(Section section) {
        Duration first = section.duration("first", Backoff.DEFAULT.first());
        Duration most = section.duration("most", Backoff.DEFAULT.most());
        if (most.compareTo(first) < 0) {
            section.problem("most", "must not be shorter than backoff.first");
            return Backoff.DEFAULT;
        }
        return new Backoff(first, most);
    }
}
