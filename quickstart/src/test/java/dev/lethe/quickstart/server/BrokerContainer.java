package dev.lethe.quickstart.server;

import dev.lethe.containers.ServerContainer;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.testcontainers.kafka.KafkaContainer;

/** A broker in a container. */
final class BrokerContainer implements Broker {
    private static final int PORT = 9092;

    private final ServerContainer server;

    BrokerContainer(Map<String, String> properties) {
        var settings = new TreeMap<>(KafkaServer.settings());
        // For those who start it again at once, which nobody does here: a busy machine would fence it.
        settings.keySet().removeAll(Set.of("broker.heartbeat.interval.ms", "broker.session.timeout.ms"));
        settings.putAll(properties);
        var container = new KafkaContainer("apache/kafka:4.3.1");
        settings.forEach((name, value) ->
                container.withEnv("KAFKA_" + name.replace('.', '_').toUpperCase(Locale.ROOT), value));
        server = ServerContainer.start(container, PORT);
    }

    @Override
    public String bootstrapServers() {
        return "127.0.0.1:" + server.port();
    }

    @Override
    public void kill() {
        server.kill();
    }

    @Override
    public void freeze() {
        server.freeze();
    }

    @Override
    public void thaw() {
        server.thaw();
    }

    @Override
    public void close() {
        server.close();
    }
}
