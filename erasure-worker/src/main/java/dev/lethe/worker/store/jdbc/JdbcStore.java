package dev.lethe.worker.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erases rows: a statement per table and a transaction per batch, whatever the number of subjects. The catalogue is read
 * when it is first needed, and again as soon as there is reason to doubt it.
 */
final class JdbcStore implements ErasureStore {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcStore.class);
    private static final int ATTEMPTS = 5;

    private final String name;
    private final JdbcStoreConfig config;
    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private volatile @Nullable ErasurePlan plan;

    JdbcStore(String name, JdbcStoreConfig config) {
        this.name = name;
        this.config = config;
        this.pool = new HikariDataSource(pool(name, config));
        this.jdbi = Jdbi.create(pool).registerArrayType(Integer.class, "int4").registerArrayType(String.class, "text");
        // Names in a statement may contain what a template engine would fill in.
        jdbi.getConfig(SqlStatements.class)
                .setTemplateEngine(TemplateEngine.NOP)
                .setUnusedBindingAllowed(true);
    }

    private static HikariConfig pool(String name, JdbcStoreConfig config) {
        var pool = new HikariConfig();
        pool.setPoolName("store-" + name);
        pool.setJdbcUrl(config.url());
        pool.setUsername(config.username());
        config.password().ifPresent(password -> pool.setPassword(password.reveal()));
        pool.setMaximumPoolSize(config.connections());
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(config.connectTimeout().toMillis());
        pool.setInitializationFailTimeout(-1);
        pool.setConnectionInitSql(PostgresSql.session(config));
        pool.addDataSourceProperty("ApplicationName", "lethe");
        pool.addDataSourceProperty("connectTimeout", seconds(config.connectTimeout()));
        pool.addDataSourceProperty("socketTimeout", seconds(config.socketTimeout()));
        pool.addDataSourceProperty("tcpKeepAlive", "true");
        pool.addDataSourceProperty("logServerErrorDetail", "false");
        pool.addDataSourceProperty("prepareThreshold", "1");
        return pool;
    }

    private static String seconds(Duration duration) {
        return Long.toString(Math.ceilDiv(duration.toMillis(), 1000));
    }

    @Override
    public List<StoreResult> erase(List<Subject> subjects) throws StoreUnavailableException {
        return asking(subjects, () -> {
            var batch = new Batch(feasiblePlan(), subjects);
            return batch.results(jdbi.inTransaction(handle -> batch.ask(handle, PostgresSql::erase)));
        });
    }

    @Override
    public List<Remaining> count(List<Subject> subjects) throws StoreUnavailableException {
        return asking(subjects, () -> {
            var batch = new Batch(feasiblePlan(), subjects);
            return batch.remaining(jdbi.withHandle(handle -> batch.ask(handle, PostgresSql::count)));
        });
    }

    @Override
    public StorePlan plan() throws StoreUnavailableException {
        return asking(List.of(), () -> readPlan().published());
    }

    @Override
    public void close() {
        pool.close();
    }

    private ErasurePlan feasiblePlan() throws StoreUnavailableException {
        ErasurePlan known = plan;
        if (known != null) {
            return known;
        }
        ErasurePlan read = readPlan();
        if (!read.obstacles().isEmpty()) {
            throw new StoreUnavailableException("MISCONFIGURED", String.join("; ", read.obstacles()));
        }
        plan = read;
        return read;
    }

    private ErasurePlan readPlan() {
        return ErasurePlanner.plan(
                config,
                jdbi.inTransaction(
                        TransactionIsolationLevel.REPEATABLE_READ,
                        handle -> PostgresSql.catalogue(handle, config.schema())));
    }

    private interface Question<T> {
        T ask() throws StoreUnavailableException;
    }

    private <T> T asking(List<Subject> subjects, Question<T> question) throws StoreUnavailableException {
        for (int attempt = 1; ; attempt++) {
            try {
                return question.ask();
            } catch (JdbiException e) {
                SqlError error = SqlError.of(e);
                if (error.doubtsCatalogue()) {
                    plan = null;
                }
                if (error.breaksConnections()) {
                    pool.getHikariPoolMXBean().softEvictConnections();
                }
                if (!error.isConflict() || attempt == ATTEMPTS) {
                    throw refused(subjects, error);
                }
                LOG.debug("Store {} tries a batch again: SQLSTATE {}", name, error.state());
            }
        }
    }

    private StoreFailureException refused(List<Subject> subjects, SqlError error) throws StoreUnavailableException {
        StoreFailureException refusal = error.refusal();
        if (subjects.size() == 1) {
            LOG.warn(
                    "Store {} refuses {}: {}, SQLSTATE {}, constraint \"{}\"",
                    name,
                    subjects.getFirst().key(),
                    refusal.code(),
                    error.state(),
                    error.constraint());
        }
        return refusal;
    }
}
