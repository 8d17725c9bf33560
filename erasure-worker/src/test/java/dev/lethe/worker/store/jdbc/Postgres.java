package dev.lethe.worker.store.jdbc;

import static org.awaitility.Awaitility.await;

import dev.lethe.containers.ServerContainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;

/**
 * A real PostgreSQL that trusts everybody, and that can be killed, frozen and brought back with what it held: a process, or with
 * {@code -Pcontainers} a container.
 */
final class Postgres implements AutoCloseable {
    private final Server server;

    Postgres(Path directory) {
        this.server = ServerContainer.areWanted() ? new ContainerPostgres() : new ProcessPostgres(directory);
    }

    /** What it runs on. */
    interface Server extends AutoCloseable {
        /** The same all the time. */
        int port();

        /** Ends it at once. */
        void kill();

        /** Starts it again; it listens before it is ready. */
        void restart();

        /** Sends a signal to one of its processes, by the number that the server itself knows it by. */
        void signal(String signal, long pid);

        @Override
        void close() throws IOException;
    }

    String url() {
        return "jdbc:postgresql://localhost:" + server.port() + "/postgres";
    }

    /** As the superuser. */
    Jdbi admin() {
        Jdbi jdbi = Jdbi.create(url(), "postgres", "postgres");
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
        return jdbi;
    }

    void execute(String... statements) {
        admin().useHandle(handle -> List.of(statements).forEach(handle::execute));
    }

    long number(String query) {
        return admin().withHandle(
                        handle -> handle.createQuery(query).mapTo(Long.class).one());
    }

    /** Every row of every table of the schema, in an order of its own. */
    List<String> rows(String schema) {
        return admin().withHandle(handle -> tables(handle, schema).stream()
                .flatMap(table -> handle
                        .createQuery("SELECT '" + table.replace("'", "''") + "' || t::text FROM " + table + " t")
                        .mapTo(String.class)
                        .stream())
                .sorted()
                .toList());
    }

    private static List<String> tables(Handle handle, String schema) {
        return handle.createQuery(
                        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = :schema")
                .bind("schema", schema)
                .mapTo(String.class)
                .list();
    }

    /** Ends the server at once, as a power cut would. */
    void kill() {
        server.kill();
    }

    /** Brings it back; it listens while it still recovers, so a query decides. */
    void restart() {
        server.restart();
        await().ignoreExceptions().until(() -> number("SELECT 1") == 1);
    }

    /** Sends a signal to a backend. */
    void signal(String signal, long pid) {
        server.signal(signal, pid);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
