package dev.lethe.worker.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a store still holds of one subject.
 *
 * @param items how many items, by target; every target, those with 0 items included
 */
public record Remaining(Map<String, Long> items) {
    public Remaining {
        items = Collections.unmodifiableMap(new LinkedHashMap<>(items));
    }

    public long total() {
        return items.values().stream().mapToLong(Long::longValue).sum();
    }
}
