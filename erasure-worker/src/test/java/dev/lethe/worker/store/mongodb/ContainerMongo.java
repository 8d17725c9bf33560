package dev.lethe.worker.store.mongodb;

import dev.lethe.containers.ServerContainer;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** A MongoDB in a container. */
final class ContainerMongo implements MongoFixture.Server {
    private static final int PORT = 27017;

    private final ServerContainer server = ServerContainer.start(
            new GenericContainer<>("mongo:8.0")
                    .withExposedPorts(PORT)
                    .withEnv("MONGO_INITDB_ROOT_USERNAME", MongoFixture.USER)
                    .withEnv("MONGO_INITDB_ROOT_PASSWORD", MongoFixture.PASSWORD)
                    // It starts twice: first to make the user.
                    .waitingFor(Wait.forLogMessage("(?i).*waiting for connections.*", 2)),
            PORT);

    @Override
    public String url() {
        return "mongodb://localhost:" + server.port();
    }

    @Override
    public void cutOff() {
        server.kill();
    }

    @Override
    public void bringBack() {
        server.restart();
    }

    @Override
    public void close() {
        server.close();
    }
}
