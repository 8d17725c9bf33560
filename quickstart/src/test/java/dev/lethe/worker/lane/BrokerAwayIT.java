package dev.lethe.worker.lane;

import static org.awaitility.Awaitility.await;

import dev.lethe.quickstart.server.Broker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A lane whose broker stays away. */
@Tag("nightly")
@Timeout(120)
class BrokerAwayIT {
    /** Only then does Kafka's consumer have nothing to wait for. */
    private static final Duration OVERDUE = Duration.ofSeconds(20);

    private static final Duration OBSERVED = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    @Test
    void aLaneWhoseBrokerIsAwayLeavesTheProcessorAlone() throws Exception {
        try (var kafka = Broker.start(folder);
                var producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", (Object) kafka.bootstrapServers()),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            create(kafka, "requests");
            var config = new LaneConfig(
                    "away",
                    "group",
                    "requests",
                    Duration.ZERO,
                    10,
                    new Backoff(Duration.ofMillis(10), Duration.ofMillis(100)));
            try (var lane = new Lane(
                    config,
                    () -> new KafkaConsumer<>(consumer(kafka), new StringDeserializer(), new ByteArrayDeserializer()),
                    producer,
                    (entries, hold) -> List.of(),
                    InstantSource.system(),
                    new SimpleMeterRegistry())) {
                lane.start();
                await().atMost(Duration.ofSeconds(30)).until(() -> lane.status().reading());
                kafka.kill();

                var share = new ProcessorShare("lane-away");
                await("share of a processor")
                        .atMost(Duration.ofSeconds(60))
                        .pollDelay(OVERDUE)
                        .pollInterval(OBSERVED)
                        .until(share::sinceLastAsked, least -> least < 0.05);
            }
        }
    }

    private static void create(Broker kafka, String topic) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 4, (short) 1))).all().get();
        }
    }

    private static Map<String, Object> consumer(Broker kafka) {
        return Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "group.id",
                "group",
                "group.protocol",
                "consumer",
                "enable.auto.commit",
                false);
    }
}
