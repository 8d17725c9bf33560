package dev.lethe.worker.app;

import dev.lethe.events.Keys;
import dev.lethe.events.Outcome;
import dev.lethe.events.TopicDefinition;
import dev.lethe.health.ManagementServer;
import dev.lethe.health.RecurringCheck;
import dev.lethe.health.Telemetry;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.kafka.Topics;
import dev.lethe.keys.KeyFile;
import dev.lethe.keys.KeyFile.KeyFileException;
import dev.lethe.worker.erase.EraseStep;
import dev.lethe.worker.lane.Lane;
import dev.lethe.worker.lane.LaneConfig;
import dev.lethe.worker.store.ErasureStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The whole service, wired: an erasing lane and a retrying lane for every store. Starts in the constructor. */
public final class Worker implements AutoCloseable {
    private final WorkerConfig config;
    private final InstantSource clock;
    private final Telemetry telemetry = new Telemetry();
    private final Admin admin;
    private final Producer<String, byte[]> producer;
    private final Map<String, ErasureStore> stores = new LinkedHashMap<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final RecurringCheck topicCheck;
    private final ManagementServer management;

    /** @throws StorePlanException if a store is configured for something that is not there */
    public Worker(WorkerConfig config, InstantSource clock) throws KeyFileException, StorePlanException {
        this.config = config;
        this.clock = clock;
        Keys keys = KeyFile.load(config.keys());
        config.stores().forEach((name, opener) -> stores.put(name, opener.get()));
        try {
            StorePlanException.throwOnObstacles(stores);
        } catch (StorePlanException e) {
            stores.values().forEach(ErasureStore::close);
            throw e;
        }
        admin = Admin.create(config.kafka().with(Map.of("client.id", "lethe-worker-admin")));
        producer = new KafkaProducer<>(
                config.kafka()
                        .with(Map.of(
                                "client.id",
                                "lethe-worker",
                                "acks",
                                "all",
                                "enable.idempotence",
                                true,
                                "linger.ms",
                                5)),
                new StringSerializer(),
                new ByteArraySerializer());
        stores.forEach((name, store) -> {
            String group = "erasure." + name;
            var step = new EraseStep(name, group, Outcome.ERASE, store, keys, config.retries(), clock);
            start(name, group, TopicDefinition.REQUESTS, Duration.ZERO, step);
            start(
                    name + "-retry",
                    group + ".retry",
                    TopicDefinition.retry(name),
                    config.retries().delay(),
                    step);
        });
        var topics = new Topics(admin, config.durability());
        List<TopicDefinition> needed = TopicDefinition.all(List.copyOf(stores.keySet()));
        topicCheck = new RecurringCheck("topics", () -> topics.problems(needed));
        management = new ManagementServer(config.management(), this::problems, telemetry, Optional.empty());
    }

    /** Why the service is not ready; empty if it is. */
    public List<String> problems() {
        return topicCheck.problems();
    }

    /** Whether every lane has partitions to read; with many workers, some have none. */
    public boolean isReading() {
        return lanes.stream().allMatch(Lane::isReading);
    }

    /** The port on which probes are answered. */
    public int managementPort() {
        return management.port();
    }

    /** The stores that this worker erases from, by name. */
    public Map<String, ErasureStore> stores() {
        return Collections.unmodifiableMap(stores);
    }

    private void start(String name, String group, String topic, Duration delay, EraseStep step) {
        var laneConfig = new LaneConfig(name, group, topic, delay, config.maxBatch(), config.backoff());
        var lane = new Lane(laneConfig, () -> consumer(laneConfig, config.kafka()), producer, step, clock);
        lanes.add(lane);
        lane.start();
    }

    /** {@code earliest}, because the default would silently skip what was requested before a group's first start. */
    private static Consumer<String, byte[]> consumer(LaneConfig lane, KafkaConfig kafka) {
        return new KafkaConsumer<>(
                kafka.with(Map.of(
                        "client.id",
                        "lethe-" + lane.name(),
                        "group.id",
                        lane.group(),
                        "group.protocol",
                        "consumer",
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        false,
                        "max.poll.records",
                        lane.maxBatch())),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    @Override
    public void close() {
        lanes.parallelStream().forEach(Lane::close);
        producer.close(Duration.ofSeconds(2));
        stores.values().forEach(ErasureStore::close);
        topicCheck.close();
        admin.close();
        management.close();
        telemetry.close();
    }
}
