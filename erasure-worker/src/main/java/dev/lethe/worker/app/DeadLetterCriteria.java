package dev.lethe.worker.app;

import dev.lethe.worker.deadletter.DeadLetterFilter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Some of the dead letters, as options say it: those to which all of them apply. */
final class DeadLetterCriteria {
    @Option(names = "--store", paramLabel = "STORE", description = "Only of this store.")
    private @Nullable String store;

    @Option(names = "--code", paramLabel = "CODE", description = "Only with this code, such as RAISED.")
    private @Nullable String code;

    @Option(
            names = "--older-than",
            paramLabel = "DURATION",
            description = "Only what has been failing for longer, such as PT12H or P2D.")
    private @Nullable Duration olderThan;

    /** Whether any is given. */
    boolean areGiven() {
        return store != null || code != null || olderThan != null;
    }

    /** Everything, if none is given. */
    DeadLetterFilter filter() {
        return new DeadLetterFilter(store, code, olderThan);
    }
}
