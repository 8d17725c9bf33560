package dev.lethe.worker.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a store still holds of one subject.
 *
 * @param items how many items that are to go, by target; every target, those with 0 items included
 * @param retained how many items that have to be kept for a while, by target; those that have any
 */
public record Remaining(Map<String, Long> items, Map<String, Long> retained) {
    public Remaining {
        items = Collections.unmodifiableMap(new LinkedHashMap<>(items));
        retained = Collections.unmodifiableMap(new LinkedHashMap<>(retained));
    }

    /** Where nothing has to be kept. */
    public Remaining(Map<String, Long> items) {
        this(items, Map.of());
    }

    /** How many items are to go. */
    public long total() {
        return items.values().stream().mapToLong(Long::longValue).sum();
    }
}
