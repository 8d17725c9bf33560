package dev.lethe.worker.replay;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.BiFunction;

/** How an operator says when: an instant, a date, or how long ago. */
public final class PointInTime {
    /** For help and messages. */
    public static final String FORMS =
            "an instant (2026-11-20T08:00:00Z, 2026-11-20T09:00:00+01:00), a date (2026-11-20: its first moment in UTC) or how long"
                    + " ago (PT6H, P3D)";

    private static final List<BiFunction<String, Instant, Instant>> READINGS = List.of(
            (text, now) -> OffsetDateTime.parse(text).toInstant(),
            (text, now) -> LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant(),
            (text, now) -> now.minus(ago(text)));

    private PointInTime() {}

    /**
     * Reads it, to the millisecond: the log is no finer.
     *
     * @throws IllegalArgumentException if it is none of the forms; the message names them
     */
    public static Instant parse(String text, Instant now) {
        for (BiFunction<String, Instant, Instant> reading : READINGS) {
            try {
                return reading.apply(text.strip(), now).truncatedTo(ChronoUnit.MILLIS);
            } catch (DateTimeException | ArithmeticException e) {
                // Perhaps another form.
            }
        }
        throw new IllegalArgumentException("must be " + FORMS);
    }

    private static Duration ago(String text) {
        Duration duration = Duration.parse(text);
        if (duration.isNegative()) {
            throw new DateTimeException("in the future");
        }
        return duration;
    }
}
