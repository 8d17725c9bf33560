package dev.lethe.ledger;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.lethe.ledger.database.DatabaseConfig;
import dev.lethe.ledger.database.LedgerDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** A real PostgreSQL for a class of tests, in which every test has databases of its own. */
public final class Postgres implements AfterAllCallback {
    static {
        ((Logger) LoggerFactory.getLogger("io.zonky")).setLevel(Level.OFF);
    }

    private final EmbeddedPostgres server;
    private final AtomicInteger databases = new AtomicInteger();

    public Postgres() {
        try {
            server = EmbeddedPostgres.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new and empty one, with the ledger's schema. */
    public LedgerDatabase database() {
        var database = new LedgerDatabase(newDatabase());
        database.migrate();
        return database;
    }

    /** A new one, with nothing in it. */
    public DatabaseConfig newDatabase() {
        String name = "ledger" + databases.incrementAndGet();
        Jdbi.create(server.getPostgresDatabase()).useHandle(handle -> handle.execute("create database " + name));
        return new DatabaseConfig(
                "jdbc:postgresql://localhost:" + server.getPort() + "/" + name, "postgres", Optional.empty(), 4);
    }

    /** Every row of every table, as text. */
    public static List<String> rows(LedgerDatabase database) {
        return rows(
                database,
                "journal",
                "entry",
                "tile",
                "checkpoint",
                "request",
                "request_store",
                "dead_letter",
                "action",
                "callback",
                "tally",
                "duration");
    }

    /** Every row of these tables, as text. */
    public static List<String> rows(LedgerDatabase database, String... tables) {
        return List.of(tables).stream()
                .flatMap(table -> database.jdbi()
                        .withHandle(handle -> handle
                                .createQuery("select '" + table + ' ' + "' || t::text from " + table + " t order by 1")
                                .mapTo(String.class)
                                .list()
                                .stream()))
                .toList();
    }

    @Override
    public void afterAll(ExtensionContext tests) throws IOException {
        server.close();
    }
}
