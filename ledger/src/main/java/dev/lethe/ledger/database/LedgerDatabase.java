package dev.lethe.ledger.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;

/** Connections to the ledger's database, which may be away at any time, at the start, too. Safe for any thread. */
public final class LedgerDatabase implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 5_000;

    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private boolean migrated;

    /** Does not connect yet. */
    public LedgerDatabase(DatabaseConfig config) {
        var settings = new HikariConfig();
        settings.setPoolName("ledger");
        settings.setJdbcUrl(config.url());
        settings.setUsername(config.username());
        config.password().ifPresent(password -> settings.setPassword(password.reveal()));
        settings.setMaximumPoolSize(config.connections());
        settings.setMinimumIdle(0);
        settings.setConnectionTimeout(PATIENCE_MILLIS);
        settings.setInitializationFailTimeout(-1);
        settings.addDataSourceProperty("ApplicationName", "lethe-ledger");
        settings.addDataSourceProperty("reWriteBatchedInserts", "true");
        // A server that is gone without a word must not hold a lane for the hours that TCP takes.
        settings.addDataSourceProperty("socketTimeout", "120");
        settings.addDataSourceProperty("tcpKeepAlive", "true");
        pool = new HikariDataSource(settings);
        jdbi = Jdbi.create(pool);
        jdbi.registerArrayType(String.class, "text")
                .registerArrayType(Long.class, "bigint")
                .registerArrayType(UUID.class, "uuid");
        jdbi.getConfig(SqlStatements.class).setUnusedBindingAllowed(true);
    }

    /**
     * Makes the schema, or brings it to the present version, once.
     *
     * @throws RuntimeException if the database does not answer, or refuses; then it can be called again
     */
    public synchronized void migrate() {
        if (migrated) {
            return;
        }
        Flyway.configure()
                .dataSource(pool)
                .locations("classpath:dev/lethe/ledger/database")
                .load()
                .migrate();
        migrated = true;
    }

    /** What is wrong with it, and what to do; empty if all is well. */
    public List<String> problems() {
        try {
            migrate();
            jdbi.useHandle(handle -> handle.execute("select 1"));
            return List.of();
        } catch (RuntimeException e) {
            return List.of("the database " + SqlFailure.of(e));
        }
    }

    public Jdbi jdbi() {
        return jdbi;
    }

    @Override
    public void close() {
        pool.close();
    }
}
