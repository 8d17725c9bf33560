package dev.lethe.worker.store.jdbc;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("thorough")
class MariaDbRulesIT extends JdbcRulesContract {
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
    protected String numbers(int count, String columns) {
        return "SELECT " + columns.replace("n", "seq") + " FROM seq_1_to_" + count;
    }
}
