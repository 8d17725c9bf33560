package dev.lethe.worker.erase;

import dev.lethe.events.Outcome;
import dev.lethe.events.Outcome.Maker;

/**
 * Who looks at a store, and why.
 *
 * @param store the store's name
 * @param group the consumer group that failures are traced to
 * @param run what outcomes say made the store look, such as {@link Outcome#ERASE}; a record that comes back keeps the run in
 *     which it first failed
 * @param settles whether what the store leaves open is looked at again, through the topic for that
 * @param by the worker, as outcomes name it
 */
public record Look(String store, String group, String run, boolean settles, Maker by) {
    /** Whether somebody has looked before, and told of what can't be read or looked up. */
    boolean isRepeated() {
        return Outcome.isSweep(run);
    }
}
