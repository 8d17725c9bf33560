package dev.lethe.kafka;

import dev.lethe.config.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;

/**
 * How to reach the cluster: any property of the Kafka clients, but for those on which a guarantee rests.
 *
 * @param properties the properties by Kafka's names; may hold secrets, so it never prints
 */
public record KafkaConfig(Map<String, String> properties) {
    private static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
    private static final String DEFAULT_SERVERS = "localhost:9092";
    private static final Set<String> FIXED = Set.of(
            "acks",
            "auto.offset.reset",
            "enable.auto.commit",
            "enable.idempotence",
            "group.id",
            "group.protocol",
            "key.deserializer",
            "key.serializer",
            "transactional.id",
            "value.deserializer",
            "value.serializer");
    /** At least whatever Kafka itself types as a password, certificates included. */
    private static final List<String> SECRET_PARTS = List.of("pass", "jaas", "secret", "keystore.key", "certificate");

    public KafkaConfig {
        var all = new LinkedHashMap<>(properties);
        all.putIfAbsent(BOOTSTRAP_SERVERS, DEFAULT_SERVERS);
        properties = Map.copyOf(all);
    }

    /** Reads the section {@code kafka}. */
    public static KafkaConfig read(Section section) {
        var properties = new LinkedHashMap<String, String>();
        properties.put(BOOTSTRAP_SERVERS, section.text(BOOTSTRAP_SERVERS, DEFAULT_SERVERS));
        for (String name : section.keys()) {
            if (FIXED.contains(name)) {
                section.problem(name, "is fixed, because a guarantee rests on it; take it out");
            } else if (SECRET_PARTS.stream().anyMatch(name::contains)) {
                properties.put(name, section.secret(name).reveal());
            } else if (!name.equals(BOOTSTRAP_SERVERS)) {
                properties.put(name, section.text(name));
            }
        }
        return new KafkaConfig(properties);
    }

    /** These properties under a client's own, which win. */
    public Properties with(Map<String, ?> own) {
        var all = new Properties();
        all.putAll(properties);
        all.putAll(own);
        return all;
    }

    /** An administrator's connection, which gives up on a cluster that is away soon enough to be asked again. */
    public Admin admin(String clientId) {
        return Admin.create(
                with(Map.of("client.id", clientId, "request.timeout.ms", 5_000, "default.api.timeout.ms", 10_000)));
    }

    @Override
    public String toString() {
        return "KafkaConfig" + properties.keySet();
    }
}
