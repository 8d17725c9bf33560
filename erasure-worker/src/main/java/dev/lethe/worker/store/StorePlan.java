package dev.lethe.worker.store;

import dev.lethe.events.Outcome.Action;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a store would do.
 *
 * @param steps in the order in which it would do it
 * @param obstacles what makes an erasure impossible or incomplete, each with what to do about it; a worker does not start
 *     with any
 * @param warnings what would make it slow or is suspicious
 * @param delays those of the warnings that make erasures stall: each takes the longer the more the store holds of others
 * @param uncovered what the configuration leaves out knowingly, by target, each with the reason
 */
public record StorePlan(
        List<Step> steps,
        List<String> obstacles,
        List<String> warnings,
        List<String> delays,
        Map<String, String> uncovered) {
    public StorePlan {
        steps = List.copyOf(steps);
        obstacles = List.copyOf(obstacles);
        warnings = List.copyOf(warnings);
        delays = List.copyOf(delays);
        uncovered = Collections.unmodifiableMap(new LinkedHashMap<>(uncovered));
    }

    /** Where nothing is left out, and no warning is about delay. */
    public StorePlan(List<Step> steps, List<String> obstacles, List<String> warnings) {
        this(steps, obstacles, warnings, List.of(), Map.of());
    }

    /**
     * One target.
     *
     * @param target the target
     * @param action what would be done
     * @param path how the subject is found there, such as {@code order_items.order_id → orders.customer_id = userId}
     * @param statements what the store would be told, in its own language and with parameters; empty where it has none
     * @param references what leads to the target
     */
    public record Step(String target, Action action, String path, List<String> statements, List<Reference> references) {
        public Step {
            statements = List.copyOf(statements);
            references = List.copyOf(references);
        }

        /** A target that is looked up by itself. */
        public Step(String target, Action action, String path) {
            this(target, action, path, List.of(), List.of());
        }
    }

    /**
     * What leads to a target.
     *
     * @param from another target, or an identifier
     * @param by a column, field, …
     */
    public record Reference(String from, String by) {}
}
