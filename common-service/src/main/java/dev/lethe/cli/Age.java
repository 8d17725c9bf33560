package dev.lethe.cli;

import java.time.Duration;

/** A length of time as people say it: its two largest units, such as {@code 3d 4h} or {@code 12s}. */
public final class Age {
    private Age() {}

    /** Never negative: the clocks of two machines differ a little. */
    public static String of(Duration duration) {
        if (duration.isNegative()) {
            return "0s";
        }
        if (duration.toDays() > 0) {
            return pair(duration.toDays(), "d", duration.toHoursPart(), "h");
        }
        if (duration.toHours() > 0) {
            return pair(duration.toHours(), "h", duration.toMinutesPart(), "m");
        }
        return duration.toMinutes() > 0
                ? pair(duration.toMinutes(), "m", duration.toSecondsPart(), "s")
                : duration.toSeconds() + "s";
    }

    private static String pair(long large, String unit, int small, String smallUnit) {
        return large + unit + (small == 0 ? "" : " " + small + smallUnit);
    }
}
