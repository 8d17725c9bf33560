package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.joining;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.lethe.containers.ServerContainer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;

/**
 * A real MariaDB that can be killed and brought back with what it held: a process, or with {@code -Pcontainers} a container.
 */
final class MariaDb implements SqlServer {
    private static final Duration START = Duration.ofMinutes(3);

    private final Server server;
    private final HikariDataSource connections = new HikariDataSource();

    MariaDb(Path directory) {
        server = ServerContainer.areWanted() ? new ContainerMariaDb() : new ProcessMariaDb(directory);
        connections.setJdbcUrl(url());
        connections.setUsername(username());
        connections.setPassword(password());
        connections.setMinimumIdle(0);
        connections.setInitializationFailTimeout(-1);
        connections.setConnectionTimeout(1_000);
        awaitAnswer();
    }

    /** What it runs on, with a database {@code shop}. */
    interface Server extends AutoCloseable {
        /** The same all the time. */
        int port();

        /** Whether it runs no longer, by itself. */
        boolean hasEnded();

        /** Ends it at once. */
        void kill();

        /** Starts it again; whether it answers, the caller asks. */
        void restart();

        @Override
        void close();
    }

    private void awaitAnswer() {
        await().atMost(START)
                .failFast("MariaDB ended: see its log", server::hasEnded)
                .ignoreExceptions()
                .until(() -> number("SELECT 1") == 1);
    }

    @Override
    public String dialect() {
        return "mariadb";
    }

    @Override
    public String url() {
        return "jdbc:mariadb://127.0.0.1:" + server.port() + "/shop";
    }

    @Override
    public String username() {
        return "root";
    }

    @Override
    public String password() {
        return "mariadb";
    }

    @Override
    public String schema() {
        return "shop";
    }

    @Override
    public Jdbi admin() {
        Jdbi jdbi = Jdbi.create(connections);
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
        return jdbi;
    }

    /** Keys from one database into another would forbid it. */
    @Override
    public void recreate(String... schemas) {
        admin().useHandle(handle -> {
            handle.execute("SET foreign_key_checks = 0");
            for (String schema : schemas) {
                handle.execute("DROP DATABASE IF EXISTS `" + schema + "`");
                handle.execute("CREATE DATABASE `" + schema + "`");
            }
            // The connection is used again, and has lost the database that it was in.
            handle.execute("SET foreign_key_checks = 1");
            handle.execute("USE `" + schema() + "`");
        });
    }

    @Override
    public List<String> rows(String schema) {
        return admin().withHandle(handle -> tables(handle, schema).stream()
                .flatMap(table -> rows(handle, schema, table).stream())
                .sorted()
                .toList());
    }

    private static List<String> tables(Handle handle, String schema) {
        return handle.createQuery("SELECT table_name FROM information_schema.tables"
                        + " WHERE table_schema = :schema AND table_type = 'BASE TABLE'")
                .bind("schema", schema)
                .mapTo(String.class)
                .list();
    }

    private static List<String> rows(Handle handle, String schema, String table) {
        return handle.createQuery("SELECT * FROM `" + schema + "`.`" + table.replace("`", "``") + "`")
                .mapToMap()
                .map(row -> row.values().stream().map(String::valueOf).collect(joining(",", table + "(", ")")))
                .list();
    }

    @Override
    public void kill() {
        server.kill();
    }

    @Override
    public void restart() {
        server.restart();
        awaitAnswer();
    }

    @Override
    public void close() {
        connections.close();
        server.close();
    }

    @Override
    public String toString() {
        return dialect();
    }
}
