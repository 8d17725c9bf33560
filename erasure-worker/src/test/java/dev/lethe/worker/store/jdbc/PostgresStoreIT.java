package dev.lethe.worker.store.jdbc;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class PostgresStoreIT extends JdbcStoreContract {
    private static SqlServer server;

    @BeforeAll
    static void start(@TempDir Path directory) {
        server = new OnPostgres(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Override
    protected SqlServer server() {
        return server;
    }

    @Override
    protected String keyType() {
        return "text";
    }

    @Override
    protected String textType() {
        return "text";
    }

    @Override
    protected int longestKey() {
        return Integer.MAX_VALUE;
    }
}
