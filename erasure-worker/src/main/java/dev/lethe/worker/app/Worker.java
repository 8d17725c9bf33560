package dev.lethe.worker.app;

import dev.lethe.events.Keys;
import dev.lethe.events.Outcome;
import dev.lethe.health.Health;
import dev.lethe.health.ManagementServer;
import dev.lethe.health.RecurringCheck;
import dev.lethe.health.Telemetry;
import dev.lethe.kafka.KafkaClients;
import dev.lethe.kafka.Topics;
import dev.lethe.keys.KeyFile;
import dev.lethe.keys.KeyFile.KeyFileException;
import dev.lethe.worker.brake.BrakeLog;
import dev.lethe.worker.brake.BrakedStore;
import dev.lethe.worker.confirm.Completions;
import dev.lethe.worker.confirm.ConfirmConfig;
import dev.lethe.worker.confirm.ConfirmMetrics;
import dev.lethe.worker.confirm.ConfirmStep;
import dev.lethe.worker.erase.EraseStep;
import dev.lethe.worker.erase.ErasureMetrics;
import dev.lethe.worker.erase.Look;
import dev.lethe.worker.identity.IdentityProvider;
import dev.lethe.worker.lane.Lane;
import dev.lethe.worker.lane.LaneConfig;
import dev.lethe.worker.lane.LaneConsumers;
import dev.lethe.worker.lane.Step;
import dev.lethe.worker.status.PlannedLane;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.sweep.SweptStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;

/**
 * The whole service, wired: for every store a lane that erases, one that retries, one for each sweep and one that settles what is
 * open; and the lanes of confirming, where that is configured. Starts in the constructor.
 */
public final class Worker implements AutoCloseable, Health {
    private final WorkerConfig config;
    private final InstantSource clock;
    private final Telemetry telemetry = new Telemetry();
    private final Admin admin;
    private final Producer<String, byte[]> producer;
    private final BrakeLog brakes;
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
        producer = KafkaClients.producer(config.kafka(), "lethe-worker");
        telemetry.observe(producer);
        brakes = new BrakeLog(() -> KafkaClients.reader(config.kafka(), "lethe-brakes"), producer);
        config.stores().forEach((name, store) -> stores.put(name, open(name, store)));
        try {
            StorePlanException.throwOnObstacles(stores);
        } catch (StorePlanException e) {
            producer.close(Duration.ZERO);
            stores.values().forEach(ErasureStore::close);
            throw e;
        }
        admin = config.kafka().admin("lethe-worker-admin");
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
        if (config.stores().values().stream().anyMatch(store -> store.brake().isAny())) {
            brakes.start();
        }
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

    private ErasureStore open(String name, StoreConfig store) {
        ErasureStore opened = store.opener().get();
        return store.brake().isAny() ? new BrakedStore(name, opened, store.brake(), brakes, clock) : opened;
    }

    private void add(String name, StoreConfig store, Keys keys) {
        ErasureStore target = opened(name);
        var metrics = new ErasureMetrics(telemetry.registry(), name);
        boolean settles = config.sweeps().settling().isPresent();
        UnaryOperator<Step> pace = store.pace();
        int batch = store.batch(config.maxBatch());
        BiFunction<String, ErasureStore, Step> looking = (run, looked) -> pace.apply(new EraseStep(
                new Look(name, PlannedLane.group(name), run, settles, config.maker()),
                looked,
                keys,
                config.retries(),
                metrics,
                clock));
        Step erasing = looking.apply(Outcome.ERASE, target);
        for (PlannedLane lane : config.lanes(name)) {
            switch (lane.kind()) {
                case FIRST -> {
                    for (int i = 1; i <= config.lanesPerStore(); i++) {
                        add(lane, config.lanesPerStore() == 1 ? "" : "-" + i, batch, erasing);
                    }
                }
                case RETRY -> add(lane, "", batch, erasing);
                case SWEEP -> {
                    if (target.canCount()) {
                        add(lane, "", batch, looking.apply(lane.run(), new SweptStore(target)));
                    }
                }
                case SETTLE -> add(lane, "", batch, looking.apply(lane.run(), target));
            }
        }
    }

    private IdentityProvider confirm(ConfirmConfig confirmation, Keys keys) {
        IdentityProvider asked = confirmation.opener().get();
        var step = new ConfirmStep(asked, keys, confirmation, new ConfirmMetrics(telemetry.registry()), clock);
        PlannedLane.ofConfirmation(confirmation.after(), confirmation.again())
                .forEach(lane -> add(lane, "", config.maxBatch(), step));
        return asked;
    }

    private ErasureStore opened(String name) {
        return Objects.requireNonNull(stores.get(name), "opened before its lanes are started");
    }

    /** @param suffix tells the lanes of one group apart */
    private void add(PlannedLane planned, String suffix, int maxBatch, Step step) {
        var laneConfig = new LaneConfig(
                planned.name() + suffix, planned.group(), planned.topic(), planned.delay(), maxBatch, config.backoff());
        var consumers = new LaneConsumers(config.kafka(), laneConfig, config.instanceId());
        lanes.add(new Lane(laneConfig, consumers, producer, step, clock, telemetry.registry()));
    }

    @Override
    public void close() {
        completions.ifPresent(Completions::close);
        brakes.close();
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
