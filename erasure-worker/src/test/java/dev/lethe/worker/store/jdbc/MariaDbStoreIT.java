package dev.lethe.worker.store.jdbc;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("thorough")
class MariaDbStoreIT extends JdbcStoreContract {
    private static SqlServer server;

    @BeforeAll
    static void start(@TempDir Path directory) {
        server = new MariaDb(directory);
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
        return "varchar(700) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin";
    }

    @Override
    protected String textType() {
        return "text CHARACTER SET utf8mb4";
    }

    @Override
    protected int longestKey() {
        return 700;
    }
}
