package dev.lethe.worker.store.opensearch;

import dev.lethe.events.Outcome.Action;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.opensearch.OpenSearchStoreConfig.Index;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which documents go.
 *
 * @param targets in the order of the configuration
 * @param obstacles what makes an erasure impossible or incomplete, each with what to do about it
 * @param read when the mappings were read, by {@link System#nanoTime}
 */
record ErasurePlan(List<Target> targets, List<String> obstacles, long read) {
    /** Afterwards the mappings are read again: an alias or a pattern may have got another index. */
    private static final Duration GOOD_FOR = Duration.ofMinutes(1);

    ErasurePlan {
        targets = List.copyOf(targets);
        obstacles = List.copyOf(obstacles);
    }

    /**
     * An index, alias, data stream or pattern.
     *
     * @param longest how many characters a value of each field may have
     */
    record Target(String name, Index index, Map<String, Integer> longest) {
        boolean canHold(Subject subject) {
            return index.subject().entrySet().stream()
                    .allMatch(field -> subject.values(field.getValue()).stream()
                            .allMatch(value -> value.length() <= longest.getOrDefault(field.getKey(), Integer.MAX_VALUE)
                                    && StandardCharsets.UTF_8.newEncoder().canEncode(value)));
        }

        boolean canFind(Subject subject) {
            return index.subject().values().stream()
                    .anyMatch(identifier -> !subject.values(identifier).isEmpty());
        }
    }

    boolean isStale() {
        return System.nanoTime() - read > GOOD_FOR.toNanos();
    }

    /** Why this subject can't be looked up everywhere: a code; empty if it can. */
    Optional<String> unfit(Subject subject) {
        if (!targets.stream().allMatch(target -> target.canFind(subject))) {
            return Optional.of("UNRESOLVED");
        }
        return targets.stream().allMatch(target -> target.canHold(subject))
                ? Optional.empty()
                : Optional.of("INVALID_IDENTIFIER");
    }

    StorePlan published(List<String> warnings) {
        return new StorePlan(
                targets.stream()
                        .map(target -> new StorePlan.Step(
                                target.name(),
                                target.index().anonymize() ? Action.ANONYMIZE : Action.DELETE,
                                target.index().subject().entrySet().stream()
                                        .map(field -> target.name() + "." + field.getKey() + " = " + field.getValue())
                                        .collect(Collectors.joining(" or "))))
                        .toList(),
                obstacles,
                warnings);
    }
}
