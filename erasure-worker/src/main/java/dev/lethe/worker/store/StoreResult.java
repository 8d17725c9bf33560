package dev.lethe.worker.store;

import dev.lethe.events.Outcome.TargetOutcome;
import java.util.List;

/** What a store did for one subject. */
public sealed interface StoreResult {
    /**
     * The store was asked everything it holds of the subject.
     *
     * @param targets every target, in the order in which it was worked, those with 0 items included
     */
    record Settled(List<TargetOutcome> targets) implements StoreResult {
        public Settled {
            targets = List.copyOf(targets);
        }
    }

    /**
     * The store can't look the subject up with what the request holds: trying again would change nothing, and a human has to
     * decide. Nothing was erased.
     *
     * @param code {@code UNRESOLVED} where an identifier is missing, {@code INVALID_IDENTIFIER} where one can't be what the
     *     store has
     */
    record Unresolved(String code) implements StoreResult {}

    /**
     * The store did not do it, and for reasons of this subject alone; the others of the batch are done. Trying again later may
     * help.
     *
     * @param code why, from a fixed vocabulary in capitals such as {@code CONSTRAINT}
     */
    record Failed(String code) implements StoreResult {}

    /**
     * The store holds more of the subject than should be erased while others wait. Nothing was erased; the lane sees to it
     * that {@link ErasureStore#eraseLarge} is called.
     */
    record Large() implements StoreResult {}
}
