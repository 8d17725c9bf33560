package dev.lethe.quickstart.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("nightly")
@Timeout(90)
class PostgresServerIT {

    private static final String DATABASE = "Odd-Name";

    @TempDir
    static Path directory;

    private static PostgresServer postgres;

    @BeforeAll
    static void start() throws SQLException {
        postgres = PostgresServer.start(directory);
        postgres.createDatabase(DATABASE);
        execute("CREATE TABLE numbers (n integer)");
    }

    @AfterAll
    static void stop() {
        if (postgres != null) {
            postgres.close();
        }
    }

    @Test
    void keepsItsDataAndItsPortWhenItIsKilled() throws SQLException {
        int port = postgres.port();
        execute("INSERT INTO numbers VALUES (1)");

        postgres.kill();
        assertThatThrownBy(() -> query("SELECT 1")).isInstanceOf(SQLException.class);
        postgres.restart();

        assertThat(postgres.port()).isEqualTo(port);
        assertThat(query("SELECT count(*) FROM numbers")).isEqualTo("1");
    }

    @Test
    void answersNobodyWhileItIsFrozen() throws Exception {
        try (Connection connection = postgres.dataSource(DATABASE).getConnection();
                Statement statement = connection.createStatement()) {
            postgres.freeze();
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> {
                try (ResultSet row = statement.executeQuery("SELECT 'thawed'")) {
                    row.next();
                    return row.getString(1);
                } catch (SQLException e) {
                    throw new AssertionError(e);
                }
            });
            try {
                await().during(500, TimeUnit.MILLISECONDS).until(() -> !answer.isDone());
            } finally {
                postgres.thaw();
            }

            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("thawed");
        }
    }

    @Test
    void stopsEvenWhileItIsFrozen() {
        long pid = postgres.pid();
        postgres.freeze();

        postgres.close();

        await().until(() -> !Processes.isRunning(pid));
        postgres.restart();
    }

    @Test
    void takesUpAServerWhoseSupervisorWasKilled() throws SQLException {
        long orphan = postgres.pid();
        ProcessHandle.of(postgres.supervisorPid()).orElseThrow().destroyForcibly();

        postgres.restart();

        assertThat(postgres.pid()).isNotEqualTo(orphan);
        assertThat(Processes.isRunning(orphan)).isFalse();
        assertThat(query("SELECT 1")).isEqualTo("1");
    }

    @Test
    void writesToDiskBeforeItSaysSo() throws SQLException {
        assertThat(query("SHOW fsync")).isEqualTo("on");
        assertThat(query("SHOW synchronous_commit")).isEqualTo("on");
        assertThat(query("SHOW listen_addresses")).isEqualTo("127.0.0.1");
    }

    @Test
    void createsADatabaseOnce() throws SQLException {
        postgres.createDatabase(DATABASE);

        assertThat(query("SELECT count(*) FROM pg_database WHERE datname LIKE 'Odd%'"))
                .isEqualTo("1");
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = postgres.dataSource(DATABASE).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(String sql) throws SQLException {
        try (Connection connection = postgres.dataSource(DATABASE).getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
