package dev.lethe.quickstart.server;

import dev.lethe.containers.ServerContainer;
import java.nio.file.Path;
import java.util.Map;

/**
 * A real broker that can be killed, frozen and brought back with what it held: a {@link KafkaServer}, or with {@code -Pcontainers}
 * the same in a container.
 */
public interface Broker extends AutoCloseable {
    static Broker start(Path directory) {
        return start(directory, Map.of());
    }

    /** @param properties broker properties that override those for quick tests */
    static Broker start(Path directory, Map<String, String> properties) {
        return ServerContainer.areWanted()
                ? new BrokerContainer(properties)
                : new BrokerProcess(KafkaServer.start(directory, 0, properties));
    }

    /** This one, for tests that do to its process what they can't do to a container. */
    static Broker of(KafkaServer server) {
        return new BrokerProcess(server);
    }

    String bootstrapServers();

    /** SIGKILL. */
    void kill();

    /** Connections stay open, and nothing is answered. */
    void freeze();

    void thaw();

    @Override
    void close();
}
