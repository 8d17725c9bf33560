package dev.lethe.worker.log;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;

/** How far back a topic reaches. */
public final class LogRetention {
    private LogRetention() {}

    /**
     * For how long records are kept; empty for ever.
     *
     * @throws KafkaException if the cluster can't be asked, or the topic is not there
     */
    public static Optional<Duration> of(String topic, Admin admin) throws InterruptedException {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            ConfigEntry entry = config == null ? null : config.get("retention.ms");
            long millis = entry == null || entry.value() == null ? -1 : Long.parseLong(entry.value());
            return millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }
}
