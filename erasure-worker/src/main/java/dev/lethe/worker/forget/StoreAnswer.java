package dev.lethe.worker.forget;

import java.util.Map;

/** What a store says when it is asked how much of a person is left. */
public sealed interface StoreAnswer {
    String store();

    /**
     * It counted.
     *
     * @param items how many items, by target; those with 0 included
     * @param retained how many items have to be kept for a while, by target; those that have any
     */
    record Counted(String store, Map<String, Long> items, Map<String, Long> retained) implements StoreAnswer {
        public long total() {
            return items.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /**
     * It did not answer: nobody knows.
     *
     * @param code why, from a fixed vocabulary such as {@code UNREACHABLE}
     * @param message what is wrong and what to do
     */
    record Unknown(String store, String code, String message) implements StoreAnswer {}
}
