package dev.lethe.worker.store.jdbc;

import dev.lethe.events.Outcome.TargetOutcome;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How many rows of which target were whose. */
final class Tally {
    private final ErasurePlan plan;
    private final Map<String, Map<Integer, Long>> items = new HashMap<>();
    private final Map<String, Map<Integer, Kept>> kept = new HashMap<>();

    private record Kept(long items, Instant newest) {
        Kept and(Kept other) {
            return new Kept(items + other.items, newest.isAfter(other.newest) ? newest : other.newest);
        }
    }

    Tally(ErasurePlan plan) {
        this.plan = plan;
    }

    /** A row, which counts for each of its owners. */
    void add(String name, Set<Integer> owners) {
        owners.forEach(owner -> add(name, owner, 1));
    }

    /** Rows of the only subject. */
    void add(String name, long rows) {
        add(name, 0, rows);
    }

    void add(String name, int owner, long rows) {
        items.computeIfAbsent(name, any -> new HashMap<>()).merge(owner, rows, Long::sum);
    }

    /** Rows that have to be kept, and from when the retention of the newest counts. */
    void keep(String name, int owner, long rows, Instant newest) {
        kept.computeIfAbsent(name, any -> new HashMap<>()).merge(owner, new Kept(rows, newest), Kept::and);
    }

    /** Adds what was done in another transaction. */
    void add(Tally other) {
        other.items.forEach((name, byOwner) -> byOwner.forEach((owner, rows) -> add(name, owner, rows)));
    }

    long items(String name, int owner) {
        return items.getOrDefault(name, Map.of()).getOrDefault(owner, 0L);
    }

    long kept(String name, int owner) {
        Kept rows = kept.getOrDefault(name, Map.of()).get(owner);
        return rows == null ? 0 : rows.items();
    }

    /** What was done to one subject's rows, in the plan's order. */
    List<TargetOutcome> outcomes(int owner) {
        var outcomes = new ArrayList<TargetOutcome>();
        plan.reported().forEach((name, action) -> {
            outcomes.add(new TargetOutcome(name, action, items(name, owner), null, null));
            Kept rows = kept.getOrDefault(name, Map.of()).get(owner);
            if (rows != null) {
                var retention = plan.retention(name);
                outcomes.add(TargetOutcome.retained(
                        name, rows.items(), retention.basis(), end(rows.newest(), retention.period())));
            }
        });
        return outcomes;
    }

    private static Instant end(Instant from, Period period) {
        return from.atOffset(ZoneOffset.UTC).plus(period).toInstant();
    }
}
