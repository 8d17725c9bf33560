package dev.lethe.worker.app;

import dev.lethe.cli.Lethe;
import dev.lethe.config.Section;
import dev.lethe.config.Suggestion;
import dev.lethe.events.Durability;
import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Maker;
import dev.lethe.events.TopicDefinition;
import dev.lethe.health.HttpAddress;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.worker.confirm.ConfirmConfig;
import dev.lethe.worker.erase.RetryConfig;
import dev.lethe.worker.lane.Backoff;
import dev.lethe.worker.status.PlannedLane;
import dev.lethe.worker.sweep.SweepConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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
 * @param lanesPerStore how many consumers of each store's group this process runs, 1 to 64
 * @param instanceId this process's name for static membership, so that a restart moves no partitions; unique in the group
 * @param stores the stores by name
 * @param sweeps when stores are looked at again
 * @param confirmation how announced deletions are confirmed; empty if the ingress has them erased at once
 * @param maker how outcomes name a worker that is configured like this
 */
public record WorkerConfig(
        HttpAddress management,
        KafkaConfig kafka,
        Durability durability,
        Path keys,
        int maxBatch,
        Backoff backoff,
        RetryConfig retries,
        int lanesPerStore,
        Optional<String> instanceId,
        Map<String, StoreConfig> stores,
        SweepConfig sweeps,
        Optional<ConfirmConfig> confirmation,
        Maker maker) {
    /** What decides on whom a worker erases, from where, and how; the rest is about machines. */
    private static final List<String> DECISIVE = List.of("stores", "sweeps", "confirmation");

    /** Reads the whole file, which can have stores of Lethe's own kinds. */
    public static WorkerConfig read(Section file) {
        return read(file, StoreKinds.builtIn());
    }

    /** Reads the whole file. */
    static WorkerConfig read(Section file, StoreKinds kinds) {
        Map<String, StoreConfig> stores = kinds.read(file);
        if (stores.containsKey(Outcome.CONFIRM)) {
            file.problem(
                    "stores." + Outcome.CONFIRM,
                    "is what the lane is called that confirms deletions; give the store another name");
        }
        return new WorkerConfig(
                HttpAddress.read(file.section("management"), 8081),
                KafkaConfig.read(file.section("kafka")),
                file.choice("durability", Durability.REPLICATED),
                file.path("keys", "keys.json"),
                file.integer("maxBatch", 500, 1, 10_000),
                backoff(file.section("backoff")),
                RetryConfig.read(file.section("retries")),
                file.integer("lanesPerStore", 1, 1, 64),
                file.optionalText("instanceId"),
                stores,
                SweepConfig.read(file),
                ConfirmConfig.read(file),
                new Maker(Lethe.version(), file.fingerprint(DECISIVE)));
    }

    /** The lanes of a worker with this configuration, those that confirm first. */
    List<PlannedLane> lanes() {
        var lanes = new ArrayList<PlannedLane>();
        confirmation.ifPresent(asked -> lanes.addAll(PlannedLane.ofConfirmation(asked.after(), asked.again())));
        stores.keySet().forEach(store -> lanes.addAll(lanes(store)));
        return lanes;
    }

    /** Those of a store. */
    List<PlannedLane> lanes(String store) {
        return PlannedLane.ofStore(store, retries.delay(), sweeps.after());
    }

    /** The topics that a worker with this configuration needs. */
    List<TopicDefinition> topics() {
        return TopicDefinition.of(
                List.copyOf(stores.keySet()),
                confirmation.isPresent(),
                !sweeps.after().isEmpty());
    }

    /** Those who have a retry lane, by the name of their topic: the stores, and the confirm lane. */
    Set<String> retrying() {
        var names = new TreeSet<>(stores.keySet());
        confirmation.ifPresent(present -> names.add(Outcome.CONFIRM));
        return names;
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

    /**
     * The same worker for some of the stores.
     *
     * @throws IllegalArgumentException if one of them is not configured
     */
    WorkerConfig only(Collection<String> names) {
        var chosen = new LinkedHashMap<String, StoreConfig>();
        for (String name : names) {
            StoreConfig store = stores.get(name);
            if (store == null) {
                throw new IllegalArgumentException(
                        "there is no store \"" + name + "\"" + Suggestion.nearest(name, stores.keySet()));
            }
            chosen.put(name, store);
        }
        return new WorkerConfig(
                management,
                kafka,
                durability,
                keys,
                maxBatch,
                backoff,
                retries,
                lanesPerStore,
                instanceId,
                chosen,
                sweeps,
                confirmation,
                maker);
    }
}
