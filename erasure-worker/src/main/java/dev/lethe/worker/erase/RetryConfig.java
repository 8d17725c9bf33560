package dev.lethe.worker.erase;

import dev.lethe.config.Section;
import java.time.Duration;

/**
 * How a request comes back that a store refused.
 *
 * @param delay how long after each attempt
 * @param maxAge how long after the first; then a human decides
 */
public record RetryConfig(Duration delay, Duration maxAge) {
    /** Reads the section {@code retries}. */
    public static RetryConfig read(Section section) {
        return new RetryConfig(
                section.duration("delay", Duration.ofMinutes(5)), section.duration("maxAge", Duration.ofDays(3)));
    }
}
