package dev.lethe.worker.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.HolderListing;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreUnavailableException;
import dev.lethe.worker.store.jdbc.Erasure.Part;
import dev.lethe.worker.store.jdbc.Pass.TooManyRowsException;
import dev.lethe.worker.store.jdbc.Rows.ConflictException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erases rows: a few statements per table and a transaction per batch, whatever the number of subjects. The catalogue is
 * read when it is first needed, and again as soon as there is reason to doubt it.
 */
final class JdbcStore implements ErasureStore, HolderListing {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcStore.class);
    private static final int ATTEMPTS = 5;

    /** Rows per table and transaction where there are too many: locks are held for a moment only. */
    private static final int PIECE = 5_000;

    private final String name;
    private final JdbcStoreConfig config;
    private final InstantSource clock;
    private final Dialect dialect;
    private final HikariDataSource pool;
    private final Jdbi jdbi;
    /** What was erased of large subjects before they were cut off. */
    private final Map<SubjectKey, List<Tally>> begun = new ConcurrentHashMap<>();

    private volatile @Nullable ErasurePlan plan;

    JdbcStore(String name, JdbcStoreConfig config, InstantSource clock) {
        this.name = name;
        this.config = config;
        this.clock = clock;
        this.dialect = Dialect.of(config.url());
        this.pool = new HikariDataSource(pool(name));
        this.jdbi = Jdbi.create(pool).registerArrayType(String.class, "text");
        // Names in a statement may contain what a template engine would fill in.
        jdbi.getConfig(SqlStatements.class)
                .setTemplateEngine(TemplateEngine.NOP)
                .setUnusedBindingAllowed(true);
    }

    private HikariConfig pool(String name) {
        var pool = new HikariConfig();
        pool.setPoolName("store-" + name);
        pool.setJdbcUrl(config.url());
        pool.setUsername(config.username());
        config.password().ifPresent(password -> pool.setPassword(password.reveal()));
        pool.setMaximumPoolSize(config.connections());
        // Kept ready while used: the pool, left to itself, would come back late to a server that was away.
        pool.setMinimumIdle(0);
        pool.setConnectionTimeout(config.connectTimeout().toMillis());
        pool.setInitializationFailTimeout(-1);
        dialect.configure(pool, config);
        return pool;
    }

    @Override
    public List<StoreResult> erase(List<Subject> subjects) throws StoreUnavailableException {
        if (subjects.isEmpty()) {
            return List.of();
        }
        try {
            return asking(subjects, () -> whole(subjects, Tally::new));
        } catch (TooManyRowsException e) {
            if (subjects.size() == 1) {
                return List.of(new StoreResult.Large());
            }
            int half = subjects.size() / 2;
            return Stream.concat(
                            erase(subjects.subList(0, half)).stream(),
                            erase(subjects.subList(half, subjects.size())).stream())
                    .toList();
        }
    }

    /** Erases in pieces, and what is left then as always. */
    @Override
    public StoreResult eraseLarge(Subject subject) throws StoreUnavailableException, InterruptedException {
        List<Subject> alone = List.of(subject);
        List<Tally> pieces = begun.computeIfAbsent(subject.key(), any -> new ArrayList<>());
        boolean more = true;
        while (true) {
            while (more) {
                Part part = asking(alone, () -> {
                    ErasurePlan feasible = feasiblePlan();
                    return jdbi.inTransaction(
                            handle -> erasure(handle, feasible, alone).part(PIECE));
                });
                pieces.add(part.tally());
                more = part.more();
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            try {
                StoreResult result = asking(alone, () -> whole(alone, feasible -> sum(feasible, pieces)))
                        .getFirst();
                begun.remove(subject.key());
                return result;
            } catch (TooManyRowsException e) {
                // Somebody writes on.
                more = true;
            }
        }
    }

    private static Tally sum(ErasurePlan plan, List<Tally> pieces) {
        var sum = new Tally(plan);
        pieces.forEach(sum::add);
        return sum;
    }

    private List<StoreResult> whole(List<Subject> subjects, Function<ErasurePlan, Tally> before)
            throws StoreUnavailableException {
        ErasurePlan feasible = feasiblePlan();
        return jdbi.inTransaction(handle -> {
            Erasure erasure = erasure(handle, feasible, subjects);
            Tally tally = erasure.whole(config.batchRows());
            tally.add(before.apply(feasible));
            return erasure.results(tally);
        });
    }

    private Erasure erasure(Handle handle, ErasurePlan feasible, List<Subject> subjects) {
        return new Erasure(handle, feasible, dialect, config.map(), subjects, clock.instant());
    }

    @Override
    public List<Remaining> count(List<Subject> subjects) throws StoreUnavailableException {
        return asking(subjects, () -> {
            ErasurePlan feasible = feasiblePlan();
            return jdbi.inTransaction(
                    TransactionIsolationLevel.REPEATABLE_READ,
                    handle -> erasure(handle, feasible, subjects).remaining());
        });
    }

    @Override
    public Page holders(Optional<String> after, int most) throws StoreUnavailableException {
        return asking(List.of(), () -> {
            var holders = new Holders(feasiblePlan(), dialect);
            return jdbi.inTransaction(handle -> holders.page(handle, after, most));
        });
    }

    @Override
    public StorePlan plan() throws StoreUnavailableException {
        return ask(
                handle -> new PlanReport(handle, readPlan(handle), dialect, config.map(), clock.instant()).published());
    }

    /** Asks something of one state of the database. */
    <T> T ask(Function<Handle, T> question) throws StoreUnavailableException {
        return asking(List.of(), () -> jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, question::apply));
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
        ErasurePlan read = jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, this::readPlan);
        if (!read.obstacles().isEmpty()) {
            throw new StoreUnavailableException("MISCONFIGURED", String.join("; ", read.obstacles()));
        }
        plan = read;
        return read;
    }

    private ErasurePlan readPlan(Handle handle) {
        return ErasurePlanner.plan(config, dialect.catalogue(handle, config), dialect);
    }

    private interface Question<T> {
        T ask() throws StoreUnavailableException;
    }

    private <T> T asking(List<Subject> subjects, Question<T> question) throws StoreUnavailableException {
        for (int attempt = 1; ; attempt++) {
            try {
                return question.ask();
            } catch (ConflictException e) {
                if (attempt == ATTEMPTS) {
                    throw new StoreFailureException("CONFLICT");
                }
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
