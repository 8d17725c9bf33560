package dev.lethe.worker.store.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;

/**
 * A schema as companies have them, below {@code schemas} in the test resources: its tables and its map for each dialect, and
 * what erasing a person from it means. It is filled with the same rows for the same seed.
 */
abstract class Company {
    private static final List<String> EVERYBODYS = List.of("public", "billing", "sales", "crm", "shop");

    static List<Company> all() {
        return List.of(new RentalShop(), new Wholesaler(), new Forum());
    }

    /** Names the files. */
    abstract String name();

    /** Where its tables are; those that are named without a schema are in the first. */
    abstract List<String> schemas(SqlServer server);

    abstract Seed seed(List<Person> people, Random random);

    /** Whether a row may tell whose it is even after the erasure: it is kept by law or excluded by the map. */
    abstract boolean mayTell(String row);

    /** Tables whose rows triggers change when others' rows go. */
    abstract List<String> derived();

    /** A row without what may differ from one right erasure to the other. */
    String comparable(String row) {
        return row;
    }

    /** The configuration of a store, but for the connection. */
    final String map(SqlServer server) {
        return resource(server.dialect() + "/" + name() + ".yaml");
    }

    final Reference reference() {
        return new Reference(resource(name() + ".erasure.sql"));
    }

    /** Empties the server, makes the tables anew and fills them. */
    final Seed found(SqlServer server, List<Person> people, long seed) throws SQLException {
        server.recreate(EVERYBODYS.toArray(String[]::new));
        Seed rows = seed(people, new Random(seed));
        jdbi(server).useHandle(handle -> {
            tables(server, handle);
            withoutKeys(server, handle);
            handle.useTransaction(rows::flush);
        });
        return rows;
    }

    /** PostgreSQL takes a script as it is, MariaDB statement by statement; there none has a semicolon within it. */
    private void tables(SqlServer server, Handle handle) throws SQLException {
        String script = resource(server.dialect() + "/" + name() + ".sql");
        try (var statement = handle.getConnection().createStatement()) {
            for (String part : isPostgres(server) ? new String[] {script} : script.split(";\\s*\n")) {
                statement.execute(part);
            }
        }
    }

    private static boolean isPostgres(SqlServer server) {
        return server.dialect().equals("postgresql");
    }

    /** MariaDB checks keys row by row: what is right only when a transaction is done could not be said to it. */
    private static void withoutKeys(SqlServer server, Handle handle) {
        if (!isPostgres(server)) {
            handle.execute("SET foreign_key_checks = 0");
        }
    }

    final Contents contents(SqlServer server) throws SQLException {
        return jdbi(server).withHandle(handle -> Contents.of(handle, schemas(server)));
    }

    /** A connection on which both dialects understand the same statements, and take them on trust where they have to. */
    final <T> T on(SqlServer server, HandleCallback<T, RuntimeException> work) {
        return jdbi(server).withHandle(handle -> {
            withoutKeys(server, handle);
            return work.withHandle(handle);
        });
    }

    private Jdbi jdbi(SqlServer server) {
        boolean postgres = isPostgres(server);
        String main = schemas(server).getFirst();
        // Values are bound as text and take the column's type.
        String url = server.url() + (postgres ? "?stringtype=unspecified&reWriteBatchedInserts=true" : "");
        Jdbi jdbi = Jdbi.create(() -> {
            Connection connection = DriverManager.getConnection(url, server.username(), server.password());
            try (var statement = connection.createStatement()) {
                statement.execute(
                        postgres
                                ? "SET search_path = " + main + ", public"
                                : "SET sql_mode = concat(@@sql_mode, ',ANSI_QUOTES')");
                if (!postgres) {
                    statement.execute("USE " + main);
                }
            }
            return connection;
        });
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
        return jdbi;
    }

    private static String resource(String path) {
        try (InputStream file = Company.class.getResourceAsStream("/schemas/" + path)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
