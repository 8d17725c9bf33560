package dev.lethe.worker.store.jdbc;

import dev.lethe.containers.ServerContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A PostgreSQL in a container. */
final class ContainerPostgres implements Postgres.Server {
    private final ServerContainer server = ServerContainer.start(
            new PostgreSQLContainer("postgres:18-alpine")
                    .withDatabaseName("postgres")
                    .withUsername("postgres")
                    .withPassword("postgres")
                    // Its own would not wait for the disk.
                    .withCommand("postgres")
                    .withEnv("POSTGRES_HOST_AUTH_METHOD", "trust"),
            PostgreSQLContainer.POSTGRESQL_PORT);

    @Override
    public int port() {
        return server.port();
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
    public void signal(String signal, long pid) {
        server.signal(signal, pid);
    }

    @Override
    public void close() {
        server.close();
    }
}
