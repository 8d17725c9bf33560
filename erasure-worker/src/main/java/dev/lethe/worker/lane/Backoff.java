package dev.lethe.worker.lane;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before trying again: twice as long each time, up to a cap, each time shortened by up to half at random, so
 * that many lanes don't come back to a store in step.
 *
 * @param first the first wait
 * @param most the cap
 */
public record Backoff(Duration first, Duration most) {
    /** A quarter of a second, up to half a minute. */
    public static final Backoff DEFAULT = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(30));

    private static final int MOST_DOUBLINGS = 20;

    public Backoff {
        if (first.isNegative() || first.isZero() || most.compareTo(first) < 0) {
            throw new IllegalArgumentException("a backoff starts above zero and does not shrink");
        }
    }

    /** @param attempt 0 for the first wait */
    Duration wait(int attempt) {
        long full = Math.min(most.toMillis(), first.toMillis() << Math.min(attempt, MOST_DOUBLINGS));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(full / 2, full + 1));
    }
}
