package dev.lethe.worker.store.mongodb;

import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** A MongoDB in a container. It is cut off by being frozen: its port would be another one after a restart. */
final class ContainerMongo implements MongoFixture.Server {
    private static final DockerImageName IMAGE = DockerImageName.parse("mongo:8.0");
    private static final int PORT = 27017;

    private final GenericContainer<?> container = new GenericContainer<>(IMAGE)
            .withExposedPorts(PORT)
            .withEnv("MONGO_INITDB_ROOT_USERNAME", MongoFixture.USER)
            .withEnv("MONGO_INITDB_ROOT_PASSWORD", MongoFixture.PASSWORD)
            // It starts twice: first to make the user.
            .waitingFor(Wait.forLogMessage("(?i).*waiting for connections.*", 2));

    ContainerMongo() {
        container.start();
    }

    @Override
    public String url() {
        return "mongodb://%s:%d".formatted(container.getHost(), container.getMappedPort(PORT));
    }

    @Override
    public void cutOff() {
        container
                .getDockerClient()
                .pauseContainerCmd(container.getContainerId())
                .exec();
    }

    @Override
    public void bringBack() {
        container
                .getDockerClient()
                .unpauseContainerCmd(container.getContainerId())
                .exec();
    }

    @Override
    public void close() {
        container.stop();
    }
}
