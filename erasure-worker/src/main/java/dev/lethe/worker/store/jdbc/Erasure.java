package dev.lethe.worker.store.jdbc;

import dev.lethe.events.Subject;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.jdbc.ErasurePlan.Link;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;

/** What is done for some subjects in one transaction. */
final class Erasure {
    private final Handle handle;
    private final ErasurePlan plan;
    private final Batch batch;
    private final Rows rows;
    private final Owners owners;
    private final ReadBack readBack;
    private final Tally tally;

    Erasure(Handle handle, ErasurePlan plan, Dialect dialect, DataMap map, List<Subject> subjects, Instant now) {
        this.handle = handle;
        this.plan = plan;
        this.batch = new Batch(plan, subjects);
        this.tally = new Tally(plan);
        var conditions = new Conditions(dialect, now, map.hashKey(), this::owners, batch::key);
        this.rows = new Rows(handle, dialect, conditions);
        this.owners = new Owners(batch, rows);
        this.readBack = new ReadBack(plan, rows, dialect, conditions, owners, tally);
    }

    private Map<List<String>, Set<Integer>> owners(Link link) {
        return owners.of(link);
    }

    /**
     * Erases everything.
     *
     * @param limit how many rows of a table at the most
     * @throws Pass.TooManyRowsException if there are more
     */
    Tally whole(int limit) {
        plan.statements()
                .forEach((name, custom) -> batch.values(custom.identifier()).forEach((value, who) -> {
                    int changed = handle.createUpdate(custom.erase())
                            .bind(custom.identifier(), value)
                            .execute();
                    who.forEach(owner -> tally.add(name, owner, changed));
                }));
        Pass.whole(plan, rows, owners, tally, limit);
        readBack.countKept();
        return tally;
    }

    /** Erases some of a single subject's rows. */
    Part part(int limit) {
        return new Part(tally, Pass.partial(plan, rows, owners, tally, limit));
    }

    /**
     * Some of a subject's rows.
     *
     * @param more whether there are others
     */
    record Part(Tally tally, boolean more) {}

    /** Everything that was done, in this transaction and, for a single subject, in others before. */
    List<StoreResult> results(Tally all) {
        return IntStream.range(0, batch.size())
                .mapToObj(subject -> batch.unfit(subject)
                        .<StoreResult>map(StoreResult.Unresolved::new)
                        .orElseGet(() -> new StoreResult.Settled(all.outcomes(subject))))
                .toList();
    }

    List<Remaining> remaining() {
        batch.requireFit();
        plan.statements()
                .forEach((name, custom) -> batch.values(custom.identifier()).forEach((value, who) -> {
                    long counted = handle.createQuery(custom.count())
                            .bind(custom.identifier(), value)
                            .mapTo(Long.class)
                            .one();
                    who.forEach(owner -> tally.add(name, owner, counted));
                }));
        readBack.count();
        return IntStream.range(0, batch.size()).mapToObj(this::remaining).toList();
    }

    private Remaining remaining(int subject) {
        var items = new LinkedHashMap<String, Long>();
        var kept = new LinkedHashMap<String, Long>();
        plan.reported().keySet().forEach(name -> {
            items.put(name, tally.items(name, subject));
            if (tally.kept(name, subject) > 0) {
                kept.put(name, tally.kept(name, subject));
            }
        });
        return new Remaining(items, kept);
    }
}
