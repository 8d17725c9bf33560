package dev.lethe.worker.erase;

import dev.lethe.events.Outcome.Action;
import dev.lethe.events.Outcome.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What erasing from one store counts. */
public final class ErasureMetrics {
    private final MeterRegistry registry;
    private final String store;

    public ErasureMetrics(MeterRegistry registry, String store) {
        this.registry = registry;
        this.store = store;
    }

    void outcome(Status status) {
        counter("lethe.erasure.outcomes", "Requests with an outcome, by status", "status", status.name())
                .increment();
    }

    void items(Action action, long items) {
        counter("lethe.erasure.items", "Rows, keys, objects, …, by what was done to them", "action", action.name())
                .increment((double) items);
    }

    void retry(String code) {
        counter("lethe.erasure.retries", "Requests that come back, by why they failed", "code", code)
                .increment();
    }

    void deadLetter(String code) {
        counter("lethe.erasure.dead.letters", "Requests that a human has to look at, by why", "code", code)
                .increment();
    }

    private Counter counter(String name, String description, String tag, String value) {
        return Counter.builder(name)
                .description(description)
                .tag("store", store)
                .tag(tag, value)
                .register(registry);
    }
}
