package dev.lethe.worker.store.jdbc;

import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.jdbc.ErasurePlan.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The subjects of one call. Those that can't be looked up everywhere are left out of the statements. */
final class Batch {
    private final ErasurePlan plan;
    private final List<Optional<String>> unfit;
    private final List<Lookup> lookups;

    Batch(ErasurePlan plan, List<Subject> subjects) {
        this.plan = plan;
        this.unfit = subjects.stream().map(plan::unfit).toList();
        this.lookups = plan.identifiers().stream()
                .map(identifier -> lookup(identifier, subjects))
                .toList();
    }

    /** What the subjects have as one identifier: their indexes and the values, side by side. */
    private record Lookup(List<Integer> subjects, List<String> values) {}

    private Lookup lookup(String identifier, List<Subject> subjects) {
        var lookup = new Lookup(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < subjects.size(); i++) {
            if (unfit.get(i).isEmpty()) {
                for (String value : subjects.get(i).values(identifier)) {
                    lookup.subjects().add(i);
                    lookup.values().add(value);
                }
            }
        }
        return lookup;
    }

    /** Runs the statement of every target, in order. Answers the number of items by target and subject. */
    long[][] ask(Handle handle, BiFunction<Target, List<String>, String> statement) {
        var items = new long[plan.targets().size()][unfit.size()];
        for (int t = 0; t < items.length; t++) {
            long[] ofTarget = items[t];
            Query query = handle.createQuery(statement.apply(plan.targets().get(t), plan.identifiers()));
            for (int i = 0; i < lookups.size(); i++) {
                query.bindArray("subjects" + i, Integer.class, lookups.get(i).subjects())
                        .bindArray("values" + i, String.class, lookups.get(i).values());
            }
            query.map((row, context) -> ofTarget[row.getInt(1)] = row.getLong(2))
                    .list();
        }
        return items;
    }

    List<StoreResult> results(long[][] items) {
        return IntStream.range(0, unfit.size())
                .mapToObj(subject -> unfit.get(subject)
                        .<StoreResult>map(StoreResult.Unresolved::new)
                        .orElseGet(() -> settled(items, subject)))
                .toList();
    }

    private StoreResult settled(long[][] items, int subject) {
        return new StoreResult.Settled(IntStream.range(0, items.length)
                .mapToObj(t -> TargetOutcome.deleted(plan.targets().get(t).name(), items[t][subject]))
                .toList());
    }

    /** @throws StoreFailureException if one of the subjects can't be looked up everywhere: 0 would be a guess */
    List<Remaining> remaining(long[][] items) {
        unfit.stream().flatMap(Optional::stream).findFirst().ifPresent(code -> {
            throw new StoreFailureException(code);
        });
        return IntStream.range(0, unfit.size())
                .mapToObj(subject -> {
                    var remaining = new LinkedHashMap<String, Long>();
                    for (int t = 0; t < items.length; t++) {
                        remaining.put(plan.targets().get(t).name(), items[t][subject]);
                    }
                    return new Remaining(remaining);
                })
                .toList();
    }
}
