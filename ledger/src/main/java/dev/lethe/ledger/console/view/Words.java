package dev.lethe.ledger.console.view;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** How the console says instants, lengths of time and numbers. */
public final class Words {
    private static final DateTimeFormatter EXACT = formatter("d MMM uuuu, HH:mm:ss");
    private static final DateTimeFormatter SHORT = formatter("d MMM uuuu, HH:mm");
    private static final DateTimeFormatter DAY = formatter("d MMM uuuu");
    private static final DateTimeFormatter DAY_OF_YEAR = formatter("d MMM");

    private static final int SHOWN_OF_ID = 8;

    private Words() {}

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }

    /** {@code 26 Nov 2026, 05:34:12 UTC}. */
    public static String exact(Instant instant) {
        return EXACT.format(instant) + " UTC";
    }

    /** {@code 26 Nov 2026, 05:34}. */
    public static String minute(Instant instant) {
        return SHORT.format(instant);
    }

    /** {@code 26 Nov 2026}. */
    public static String day(Instant instant) {
        return DAY.format(instant);
    }

    /** {@code 26 Nov}. */
    public static String dayOfYear(Instant instant) {
        return DAY_OF_YEAR.format(instant);
    }

    /** {@code 3 min ago}; the script of the pages goes on with it in the same words. */
    public static String ago(Instant instant, Instant now) {
        long seconds = Math.max(0, Duration.between(instant, now).toSeconds());
        if (seconds < 10) {
            return "just now";
        }
        return span(Duration.ofSeconds(seconds)) + " ago";
    }

    /** Its largest unit alone: {@code 3 min}, {@code 1 day}, {@code 12 days}. */
    public static String span(Duration duration) {
        if (duration.toDays() > 0) {
            return duration.toDays() == 1 ? "1 day" : duration.toDays() + " days";
        }
        if (duration.toHours() > 0) {
            return duration.toHours() + " h";
        }
        return duration.toMinutes() > 0 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
    }

    /** A length of time as a number and its unit, to three figures: {@code 12.4} and {@code s}. */
    public static List<String> measured(Duration duration) {
        double millis = duration.toMillis();
        if (millis < 1000) {
            return List.of(Long.toString(Math.round(millis)), "ms");
        }
        double seconds = millis / 1000;
        if (seconds < 60) {
            return List.of(threeFigures(seconds), "s");
        }
        if (seconds < 3600) {
            return List.of(threeFigures(seconds / 60), "min");
        }
        return seconds < 2 * 86_400
                ? List.of(threeFigures(seconds / 3600), "h")
                : List.of(threeFigures(seconds / 86_400), "days");
    }

    private static String threeFigures(double number) {
        return String.format(Locale.ROOT, number < 10 ? "%.2f" : number < 100 ? "%.1f" : "%.0f", number);
    }

    /** {@code 1,234,567}. */
    public static String number(long number) {
        return new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ENGLISH)).format(number);
    }

    /** {@code 1 request}, {@code 2 requests}. */
    public static String counted(long number, String one, String many) {
        return number(number) + " " + (number == 1 ? one : many);
    }

    /** The beginning of an id, by which people tell a few apart. */
    public static String shortId(UUID id) {
        return id.toString().substring(0, SHOWN_OF_ID);
    }
}
