package dev.lethe.quickstart;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Tells what has started while the rest is starting. Called from several threads. */
@FunctionalInterface
public interface Progress {
    /** Nobody listens. */
    Progress SILENT = (what, detail, took) -> {};

    /** @param took how long it took; zero where that is of no interest */
    void done(String what, String detail, Duration took);

    default void done(String what, String detail) {
        done(what, detail, Duration.ZERO);
    }

    /** Starts something, and tells when it has. */
    default <T> T timed(String what, Callable<T> start, Function<T, String> detail) {
        long begun = System.nanoTime();
        try {
            T started = start.call();
            done(what, detail.apply(started), Duration.ofNanos(System.nanoTime() - begun));
            return started;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(what + " did not start: " + e.getMessage(), e);
        }
    }
}
