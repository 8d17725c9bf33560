package dev.lethe.quickstart.ops;

import dev.lethe.quickstart.sample.SampleDatabase;
import dev.lethe.quickstart.server.PostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * A dump of a database in files, with the same statements as pg_dump's, which does not come with the server: the rows of every
 * table at one instant, by COPY. To restore it, the database is dropped under whoever is connected, made anew and filled.
 */
final class Backup {
    private final PostgresServer server;
    private final String name;
    private final SampleDatabase database;
    private final Path folder;

    private Backup(PostgresServer server, String name, SampleDatabase database, Path folder) {
        this.server = server;
        this.name = name;
        this.database = database;
        this.folder = folder;
    }

    /** @param folder takes a file per table */
    static Backup of(PostgresServer server, String name, SampleDatabase database, Path folder)
            throws SQLException, IOException {
        var backup = new Backup(server, name, database, Files.createDirectories(folder));
        try (Connection connection = server.dataSource(name).getConnection()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            for (String table : database.tables()) {
                try (OutputStream file = Files.newOutputStream(backup.file(table))) {
                    copy(connection).copyOut("COPY %s TO STDOUT".formatted(table), file);
                }
            }
            connection.commit();
        }
        return backup;
    }

    void restore() throws SQLException, IOException {
        try (Connection connection = server.dataSource("postgres").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE %s WITH (FORCE)".formatted(name));
        }
        server.createDatabase(name);
        database.create();
        try (Connection connection = server.dataSource(name).getConnection();
                Statement statement = connection.createStatement()) {
            // Parents come first.
            for (String table : database.tables()) {
                try (InputStream file = Files.newInputStream(file(table))) {
                    copy(connection).copyIn("COPY %s FROM STDIN".formatted(table), file);
                }
                statement.execute("""
                        DO $$ DECLARE sequence text := pg_get_serial_sequence('%1$s', 'id');
                        BEGIN
                            IF sequence IS NOT NULL THEN
                                PERFORM setval(sequence, max(id)) FROM %1$s;
                            END IF;
                        END $$""".formatted(table));
            }
            statement.execute("ANALYZE");
        }
    }

    private Path file(String table) {
        return folder.resolve(table + ".copy");
    }

    private static CopyManager copy(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getCopyAPI();
    }
}
