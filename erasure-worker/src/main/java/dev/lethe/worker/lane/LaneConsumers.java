package dev.lethe.worker.lane;

import dev.lethe.kafka.KafkaConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Makes the consumers of one lane. */
public final class LaneConsumers implements Supplier<Consumer<String, byte[]>> {
    private final KafkaConfig kafka;
    private final Map<String, Object> properties = new LinkedHashMap<>();

    /** @param instanceId the process's name for static membership */
    public LaneConsumers(KafkaConfig kafka, LaneConfig lane, Optional<String> instanceId) {
        this.kafka = kafka;
        properties.put("client.id", "lethe-" + lane.name());
        properties.put("group.id", lane.group());
        properties.put("group.protocol", "consumer");
        // The default would silently skip what was requested before a group's first start.
        properties.put("auto.offset.reset", "earliest");
        properties.put("enable.auto.commit", false);
        properties.put("max.poll.records", lane.maxBatch());
        instanceId.ifPresent(id -> properties.put("group.instance.id", id + "-" + lane.name()));
    }

    /** With which a consumer of this lane is made. */
    public Properties properties() {
        return kafka.with(properties);
    }

    @Override
    public Consumer<String, byte[]> get() {
        return new KafkaConsumer<>(properties(), new StringDeserializer(), new ByteArrayDeserializer());
    }
}
