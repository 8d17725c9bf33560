package dev.lethe.worker.confirm;

import dev.lethe.events.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What confirming counts. */
public final class ConfirmMetrics {
    private final MeterRegistry registry;

    public ConfirmMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** What became of an intent when the provider was asked. */
    enum Answer {
        GONE,
        STILL_THERE,
        WITHDRAWN
    }

    void answered(Answer answer) {
        Counter.builder("lethe.confirm.answers")
                .description("Announced deletions, by what the identity provider said of the user")
                .tag("answer", answer.name())
                .register(registry)
                .increment();
    }

    void deadLetter(String code) {
        Counter.builder("lethe.erasure.dead.letters")
                .description("Requests that a human has to look at, by why")
                .tag("store", Outcome.CONFIRM)
                .tag("code", code)
                .register(registry)
                .increment();
    }
}
