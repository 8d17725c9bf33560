package dev.lethe.worker.store.jdbc;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.slf4j.LoggerFactory;

/** A real PostgreSQL that can be killed, frozen and brought back with what it held. */
final class Postgres implements AutoCloseable {
    static {
        // Repeats all that the server says.
        ((Logger) LoggerFactory.getLogger("io.zonky")).setLevel(Level.OFF);
    }

    private final Path directory;
    private EmbeddedPostgres server;

    Postgres(Path directory) {
        this.directory = directory;
        this.server = start(0);
    }

    private EmbeddedPostgres start(int port) {
        try {
            var builder = EmbeddedPostgres.builder()
                    .setDataDirectory(directory)
                    .setCleanDataDirectory(false)
                    .setServerConfig("synchronous_commit", "on");
            return (port == 0 ? builder : builder.setPort(port)).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
    }

    /** As the superuser. */
    Jdbi admin() {
        Jdbi jdbi = Jdbi.create(server.getPostgresDatabase());
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
        Path pidFile = directory.resolve("postmaster.pid");
        try {
            signal("QUIT", Long.parseLong(Files.readAllLines(pidFile).getFirst()));
            await().until(() -> Files.notExists(pidFile));
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Brings it back; it listens while it still recovers, so a query decides. */
    void restart() {
        server = start(server.getPort());
        await().ignoreExceptions().until(() -> number("SELECT 1") == 1);
    }

    static void signal(String signal, long pid) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
