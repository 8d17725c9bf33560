package dev.lethe.worker.store.redis;

import dev.lethe.events.Outcome.TargetOutcome;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.redis.Target.Kind;
import dev.lethe.worker.store.redis.Target.Lookup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** The subjects of one call, what to look for, and what was found. Those that can't be looked up everywhere are left out. */
final class Batch {
    private final List<Target> targets;
    private final List<Optional<String>> unfit;
    private final List<Map<Trace, Set<Integer>>> traces;
    private final PatternIndex patterns = new PatternIndex();
    private final long[][] items;

    Batch(List<Target> targets, List<Subject> subjects) {
        this.targets = targets;
        this.unfit = subjects.stream().map(this::unfit).toList();
        this.traces = IntStream.range(0, targets.size())
                .mapToObj(target -> traces(target, subjects))
                .toList();
        this.items = new long[targets.size()][subjects.size()];
    }

    /**
     * What betrays a subject in a target.
     *
     * @param field of a stream's entry; empty elsewhere
     * @param text a key, a member, or what is in the field
     */
    record Trace(String field, String text) {}

    private Optional<String> unfit(Subject subject) {
        if (!targets.stream()
                .allMatch(target -> target.lookups().stream()
                        .anyMatch(lookup -> lookup.template().isResolvedBy(subject)))) {
            return Optional.of("UNRESOLVED");
        }
        boolean valid = targets.stream()
                .flatMap(target -> target.lookups().stream())
                .flatMap(lookup -> lookup.template().identifiers().stream())
                .flatMap(identifier -> subject.values(identifier).stream())
                .allMatch(Bytes::canHold);
        return valid ? Optional.empty() : Optional.of("INVALID_IDENTIFIER");
    }

    private Map<Trace, Set<Integer>> traces(int target, List<Subject> subjects) {
        var found = new LinkedHashMap<Trace, Set<Integer>>();
        for (int subject = 0; subject < subjects.size(); subject++) {
            if (unfit.get(subject).isPresent()) {
                continue;
            }
            for (Lookup lookup : targets.get(target).lookups()) {
                for (List<String> values : lookup.template().fillings(subjects.get(subject))) {
                    if (targets.get(target).kind() == Kind.PATTERN) {
                        patterns.add(lookup, values, target, subject);
                    } else {
                        String text = Bytes.of(lookup.template().filled(values));
                        found.computeIfAbsent(new Trace(Bytes.of(lookup.field()), text), any -> new LinkedHashSet<>())
                                .add(subject);
                    }
                }
            }
        }
        return found;
    }

    boolean isEmpty() {
        return unfit.stream().allMatch(Optional::isPresent);
    }

    List<Target> targets() {
        return targets;
    }

    /** What to look for in a target, in order. */
    List<Trace> traces(int target) {
        return new ArrayList<>(traces.get(target).keySet());
    }

    /** Whose it is, by index. */
    Set<Integer> owners(int target, Trace trace) {
        return traces.get(target).getOrDefault(trace, Set.of());
    }

    PatternIndex patterns() {
        return patterns;
    }

    /** Whether a target names this very key for the subject. */
    boolean isExact(String key, int subject) {
        var trace = new Trace("", key);
        return IntStream.range(0, targets.size())
                .anyMatch(target -> targets.get(target).kind() == Kind.KEY
                        && owners(target, trace).contains(subject));
    }

    /** The same item counts for each of its subjects. */
    void found(int target, Iterable<Integer> subjects, long number) {
        subjects.forEach(subject -> items[target][subject] += number);
    }

    List<StoreResult> results() {
        return IntStream.range(0, unfit.size())
                .mapToObj(subject -> unfit.get(subject)
                        .<StoreResult>map(StoreResult.Unresolved::new)
                        .orElseGet(() -> settled(subject)))
                .toList();
    }

    private StoreResult settled(int subject) {
        return new StoreResult.Settled(IntStream.range(0, items.length)
                .mapToObj(target -> TargetOutcome.deleted(targets.get(target).name(), items[target][subject]))
                .toList());
    }

    /** @throws StoreFailureException if one of the subjects can't be looked up everywhere: 0 would be a guess */
    void requireFit() {
        unfit.stream().flatMap(Optional::stream).findFirst().ifPresent(code -> {
            throw new StoreFailureException(code);
        });
    }

    List<Remaining> remaining() {
        return IntStream.range(0, unfit.size())
                .mapToObj(subject -> {
                    var remaining = new LinkedHashMap<String, Long>();
                    for (int target = 0; target < items.length; target++) {
                        remaining.put(targets.get(target).name(), items[target][subject]);
                    }
                    return new Remaining(remaining);
                })
                .toList();
    }
}
