package dev.lethe.quickstart.console;

import static org.awaitility.Awaitility.await;

import dev.lethe.events.Codec;
import dev.lethe.kafka.KafkaConfig;
import dev.lethe.kafka.TopicReader;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;

/** The erasure log, looked into. */
final class Log {
    private Log() {}

    /** The id of the request for a person, as soon as it is in the log. */
    static String requestOf(String bootstrapServers, String topic, String subjectKey, Duration patience) {
        var kafka = new KafkaConfig(Map.of("bootstrap.servers", bootstrapServers));
        var found = new AtomicReference<String>();
        try (Admin admin = kafka.admin("test");
                var reader = new TopicReader(kafka, admin)) {
            await().atMost(patience).pollDelay(Duration.ZERO).pollInSameThread().until(() -> {
                for (var record : reader.all(topic)) {
                    if (subjectKey.equals(record.key())) {
                        found.set(
                                Codec.decodeRequest(record.value()).requestId().toString());
                    }
                }
                return found.get() != null;
            });
        }
        return found.get();
    }
}
