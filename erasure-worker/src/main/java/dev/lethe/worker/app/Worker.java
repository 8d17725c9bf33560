package dev.lethe.worker.app;

import dev.lethe.events.Keys;
import dev.lethe.events.Outcome;
import dev.lethe.events.TopicDefinition;
import dev.lethe.health.Health;
import dev.lethe.health.ManagementServer;
import dev.lethe.health.RecurringCheck;
import dev.lethe.health.Telemetry;
import dev.lethe.kafka.Topics;
import dev.lethe.keys.KeyFile;
import dev.lethe.keys.KeyFile.KeyFileException;
import dev.lethe.worker.confirm.Completions;
import dev.lethe.worker.confirm.ConfirmConfig;
import dev.lethe.worker.confirm.ConfirmMetrics;
import dev.lethe.worker.confirm.ConfirmStep;
import dev.lethe.worker.erase.EraseStep;
import dev.lethe.worker.erase.ErasureMetrics;
import dev.lethe.worker.identity.IdentityProvider;
import dev.lethe.worker.lane.Lane;
import dev.lethe.worker.lane.LaneConfig;
import dev.lethe.worker.lane.PacedStep;
import dev.lethe.worker.lane.Step;
import dev.lethe.worker.store.ErasureStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;

/**
 * The whole service, wired: an erasing lane and a retrying lane for every store, and the same of confirming where that is
 * configured. Starts in the constructor.
 */
public final class Worker implements AutoCloseable, Health {
    private final WorkerConfig config;
    private final InstantSource clock;
    private final Telemetry telemetry = new Telemetry();
    private final Admin admin;
    private final Producer<String, byte[]> producer;
    private final Map<String, ErasureStore> stores = new LinkedHashMap<>();
    private final Optional<IdentityProvider> provider;
    private final Optional<Completions> completions;
    private final List<Lane> lanes = new ArrayList<>();
    private final RecurringCheck topicCheck;
    private final ManagementServer management;

    /** @throws StorePlanException if a store is configured for something that is not there */
    public Worker(WorkerConfig config, InstantSource clock) throws KeyFileException, StorePlanException {
        this.config = config;
        this.clock = clock;
        Keys keys = KeyFile.load(config.keys());
        config.stores().forEach((name, store) -> stores.put(name, store.opener().get()));
        try {
            StorePlanException.throwOnObstacles(stores);
        } catch (StorePlanException e) {
            stores.values().forEach(ErasureStore::close);
            throw e;
        }
        admin = config.kafka().admin("lethe-worker-admin");
        producer = KafkaClients.producer(config.kafka(), "lethe-worker");
        telemetry.observe(producer);
        config.stores().forEach((name, store) -> add(name, store, keys));
        provider = config.confirmation().map(confirmation -> confirm(confirmation, keys));
        completions = provider.map(present -> new Completions(
                () -> KafkaClients.reader(config.kafka(), "lethe-completions"),
                (partition, until) -> lanes.stream()
                        .filter(lane -> lane.name().equals(Outcome.CONFIRM))
                        .forEach(lane -> lane.hurry(partition, until))));
        var topics = new Topics(admin, config.durability());
        topicCheck = new RecurringCheck("topics", () -> topics.problems(config.topics()));
        boolean bound = false;
        try {
            management = new ManagementServer(
                    config.management(), this, telemetry, Map.of("/health/lanes", () -> LaneReport.of(lanes)));
            bound = true;
        } finally {
            if (!bound) {
                closeAllButLanesAndManagement();
            }
        }
        // Last: a worker that joined its groups and then fell over its port would hold partitions up for a session.
        lanes.forEach(Lane::start);
        completions.ifPresent(Completions::start);
    }

    /** The port on which probes are answered. */
    public int managementPort() {
        return management.port();
    }

    /** The stores that this worker erases from, by name. */
    public Map<String, ErasureStore> stores() {
        return Collections.unmodifiableMap(stores);
    }

    /** Whether every lane has partitions to read; with many workers, some have none. */
    public boolean isReading() {
        return lanes.stream().allMatch(lane -> lane.status().reading())
                && completions.map(Completions::isListening).orElse(true);
    }

    @Override
    public List<String> problems() {
        return topicCheck.problems();
    }

    @Override
    public List<String> degradations() {
        return lanes.stream()
                .map(Lane::status)
                .flatMap(lane -> lane.holding().stream()
                        .map(hold -> "lane " + lane.lane() + " holds since " + hold.since() + ": " + hold.code() + ": "
                                + hold.message()))
                .toList();
    }

    private void add(String name, StoreConfig store, Keys keys) {
        String group = "erasure." + name;
        var metrics = new ErasureMetrics(telemetry.registry(), name);
        Step erasing = new EraseStep(name, group, Outcome.ERASE, opened(name), keys, config.retries(), metrics, clock);
        Step step = store.isPaced() ? new PacedStep(erasing, store.erasuresPerSecond()) : erasing;
        int batch = Math.min(config.maxBatch(), store.erasuresPerSecond());
        for (int i = 1; i <= config.lanesPerStore(); i++) {
            String suffix = config.lanesPerStore() == 1 ? "" : "-" + i;
            add(
                    new LaneConfig(
                            name + suffix, group, TopicDefinition.REQUESTS, Duration.ZERO, batch, config.backoff()),
                    step);
        }
        add(
                new LaneConfig(
                        name + "-retry",
                        group + ".retry",
                        TopicDefinition.retry(name),
                        config.retries().delay(),
                        batch,
                        config.backoff()),
                step);
    }

    private IdentityProvider confirm(ConfirmConfig confirmation, Keys keys) {
        IdentityProvider asked = confirmation.opener().get();
        var step = new ConfirmStep(asked, keys, confirmation, new ConfirmMetrics(telemetry.registry()), clock);
        add(
                new LaneConfig(
                        Outcome.CONFIRM,
                        ConfirmStep.GROUP,
                        TopicDefinition.INTENTS,
                        confirmation.after(),
                        config.maxBatch(),
                        config.backoff()),
                step);
        add(
                new LaneConfig(
                        Outcome.CONFIRM + "-retry",
                        ConfirmStep.GROUP + ".retry",
                        TopicDefinition.retry(Outcome.CONFIRM),
                        confirmation.again(),
                        config.maxBatch(),
                        config.backoff()),
                step);
        return asked;
    }

    private ErasureStore opened(String name) {
        return Objects.requireNonNull(stores.get(name), "opened before its lanes are started");
    }

    private void add(LaneConfig laneConfig, Step step) {
        var consumers = new LaneConsumers(config.kafka(), laneConfig, config.instanceId());
        lanes.add(new Lane(laneConfig, consumers, producer, step, clock, telemetry.registry()));
    }

    @Override
    public void close() {
        completions.ifPresent(Completions::close);
        lanes.forEach(Lane::stop);
        lanes.forEach(Lane::close);
        management.close();
        closeAllButLanesAndManagement();
    }

    private void closeAllButLanesAndManagement() {
        producer.close(Duration.ofSeconds(2));
        stores.values().forEach(ErasureStore::close);
        provider.ifPresent(IdentityProvider::close);
        topicCheck.close();
        admin.close(Duration.ofSeconds(1));
        telemetry.close();
    }
}
