package dev.lethe.worker.store.jdbc;

import dev.lethe.containers.ServerContainer;
import org.testcontainers.mariadb.MariaDBContainer;

/** A MariaDB in a container. */
final class ContainerMariaDb implements MariaDb.Server {
    private final ServerContainer server = ServerContainer.start(
            new MariaDBContainer("mariadb:11.4")
                    .withDatabaseName("shop")
                    .withUsername("root")
                    .withPassword("mariadb")
                    .withCommand("--character-set-server=utf8mb4", "--innodb-flush-log-at-trx-commit=1"),
            3306);

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public boolean hasEnded() {
        return !server.isRunning();
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
