package dev.lethe.bench;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.jdbc.JdbcStoreFactory;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A PostgreSQL that flushes what it commits, in a temporary folder, gone with the run. */
final class Database implements AutoCloseable {
    private final EmbeddedPostgres server;
    private final Connection connection;

    Database() throws IOException, SQLException {
        Path data = Files.createTempDirectory("lethe-bench");
        server = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                // The library turns both off.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                // By default as little as fits on any machine; PostgreSQL's manual advises a quarter of the memory.
                .setServerConfig("shared_buffers", "2GB")
                .start();
        connection = server.getPostgresDatabase().getConnection();
        if (!text("SHOW fsync").equals("on") || !text("SHOW full_page_writes").equals("on")) {
            throw new IllegalStateException("PostgreSQL does not flush: the figures would be worth nothing");
        }
    }

    int port() {
        return server.getPort();
    }

    String url() {
        return "jdbc:postgresql://localhost:%d/postgres".formatted(port());
    }

    /** A store as a worker would make it of its configuration. */
    ErasureStore store(String schema, String map) throws ConfigException {
        String yaml =
                "url: \"jdbc:postgresql://localhost:%d/postgres\"\nusername: postgres\npassword: postgres\nschema: %s\n%s"
                        .formatted(server.getPort(), schema, map);
        return ConfigFile.parse("bench", yaml, Map.of(), section -> new JdbcStoreFactory().configure("bench", section))
                .config()
                .get();
    }

    /** Another database of the server, which is there. */
    String url(String database) {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/" + database;
    }

    void execute(String... statements) throws SQLException {
        for (String sql : statements) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }

    String text(String query) throws SQLException {
        return texts(query).getFirst();
    }

    long number(String query) throws SQLException {
        return Long.parseLong(text(query));
    }

    List<String> texts(String query) throws SQLException {
        var texts = new ArrayList<String>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                texts.add(result.getString(1));
            }
        }
        return texts;
    }

    @Override
    public void close() throws IOException, SQLException {
        connection.close();
        server.close();
    }
}
