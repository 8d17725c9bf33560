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
     * The store did not do it, and for reasons of this subject alone; the others of the batch are done.
     *
     * @param code why, from a fixed vocabulary in capitals such as {@code CONSTRAINT}
     */
    record Failed(String code) implements StoreResult {}
}
