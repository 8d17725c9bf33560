package dev.lethe.ledger.console.view;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An instant.
 *
 * @param iso for machines
 * @param ago how long it is over
 * @param shown to the minute
 * @param exact to the second
 */
public record Moment(String iso, String ago, String shown, String exact) {
    public static Moment of(Instant instant, Instant now) {
        return new Moment(instant.toString(), Words.ago(instant, now), Words.minute(instant), Words.exact(instant));
    }

    static @Nullable Moment ofNullable(@Nullable Instant instant, Instant now) {
        return instant == null ? null : of(instant, now);
    }
}
