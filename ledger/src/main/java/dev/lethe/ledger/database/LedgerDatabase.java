package dev.lethe.ledger.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;

/** Connections to the ledger's database, which may be away at any time, at the start, too. Safe for any thread. */
public final class LedgerDatabase implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 5_000;

    private final HikariDataSource pool;
    private final Jdbi jdbi;

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
        jdbi.registerArrayType(String.class, "text").registerArrayType(Long.class, "bigint");
        jdbi.getConfig(SqlStatements.class).setUnusedBindingAllowed(true);
    }

    /**
     * Makes the schema, or brings it to the present version.
     *
     * @throws RuntimeException if the database does not answer, or refuses
     */
    public void migrate() {
        Flyway.configure()
                .dataSource(pool)
                .locations("classpath:dev/lethe/ledger/database")
                .load()
                .migrate();
    }

    public Jdbi jdbi() {
        return jdbi;
    }

    @Override
    public void close() {
        pool.close();
    }
}
