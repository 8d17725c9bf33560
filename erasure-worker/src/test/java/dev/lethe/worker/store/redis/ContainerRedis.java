package dev.lethe.worker.store.redis;

import dev.lethe.containers.ServerContainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * A Redis in a container. It shares this machine's network, because a cluster and a sentinel tell others at which address a
 * server is, and this machine's folder, where its certificates are.
 */
final class ContainerRedis implements Redis.Server {
    private final ServerContainer server;

    ContainerRedis(Path directory, int port, List<String> configuration) {
        String folder = directory.toAbsolutePath().toString();
        String file = folder + "/redis.conf";
        try {
            Files.write(Path.of(file), configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server = ServerContainer.startOnThisNetwork(
                new GenericContainer<>("redis:7.2-alpine")
                        .withFileSystemBind(folder, folder, BindMode.READ_WRITE)
                        .withCreateContainerCmdModifier(command -> command.withEntrypoint("redis-server"))
                        .withCommand(file)
                        .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*", 1)),
                port);
    }

    @Override
    public void kill() {
        server.kill();
    }

    @Override
    public void restart() {
        server.restart();
    }

    @Override
    public void close() {
        server.close();
    }
}
