package dev.lethe.worker.store.s3;

import dev.lethe.events.Outcome.Action;
import dev.lethe.events.Outcome.TargetOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why a version can't be deleted now.
 *
 * @param basis in words
 * @param until when the lock ends; null for a legal hold, which ends when somebody takes it off
 */
record Lock(String basis, @Nullable Instant until) {
    /** One outcome per basis, until the last of its locks ends. */
    static List<TargetOutcome> outcomes(String target, List<Lock> locks) {
        var byBasis = locks.stream().collect(Collectors.groupingBy(Lock::basis, TreeMap::new, Collectors.toList()));
        return byBasis.entrySet().stream()
                .map(entry -> new TargetOutcome(
                        target, Action.RETAIN, entry.getValue().size(), entry.getKey(), last(entry.getValue())))
                .toList();
    }

    private static @Nullable Instant last(List<Lock> locks) {
        return locks.stream()
                .map(Lock::until)
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(null);
    }
}
