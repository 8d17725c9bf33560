package dev.lethe.ledger.api;

import dev.lethe.ledger.request.Cursor;
import dev.lethe.ledger.request.RequestFilter;
import dev.lethe.ledger.request.RequestFilter.Due;
import dev.lethe.ledger.request.RequestStatus;
import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which requests an address asks for. Pages and programs ask alike.
 *
 * @param parameters as they stand there, without the cursor and without empty ones
 */
public record Query(RequestFilter filter, Optional<Cursor> after, Map<String, String> parameters) {
    private static final String[] NAMES = {"status", "store", "due", "failed", "from", "until"};

    /**
     * Reads an address. A day as {@code from} begins at its midnight (UTC), and as {@code until} counts in.
     *
     * @throws IllegalArgumentException if something of it can't be understood; the message says what
     */
    public static Query of(Context ctx) {
        var parameters = new LinkedHashMap<String, String>();
        for (String name : NAMES) {
            String value = ctx.queryParam(name);
            if (value != null && !value.isBlank()) {
                parameters.put(name, value.strip());
            }
        }
        RequestFilter filter = RequestFilter.ALL;
        if (parameters.containsKey("status")) {
            filter = filter.withStatus(status(parameters.get("status")));
        }
        if (parameters.containsKey("store")) {
            filter = filter.withStore(parameters.get("store"));
        }
        if (parameters.containsKey("due")) {
            filter = filter.withDue(due(parameters.get("due")));
        }
        if ("true".equals(parameters.get("failed"))) {
            filter = filter.withFailed();
        }
        if (parameters.containsKey("from") || parameters.containsKey("until")) {
            Instant from = instant(parameters.getOrDefault("from", "2000-01-01"), "from", 0);
            Instant until = instant(parameters.getOrDefault("until", "2999-12-31"), "until", 1);
            if (!from.isBefore(until)) {
                throw new IllegalArgumentException("'from' must not be later than 'until'");
            }
            filter = filter.within(from, until);
        }
        String after = ctx.queryParam("after");
        return new Query(
                filter, after == null || after.isBlank() ? Optional.empty() : Optional.of(cursor(after)), parameters);
    }

    /** Every request. */
    public static Query all() {
        return new Query(RequestFilter.ALL, Optional.empty(), Map.of());
    }

    /** The same query from there on, as it goes behind a path. */
    public String from(Optional<Cursor> cursor) {
        var all = new LinkedHashMap<>(parameters);
        cursor.ifPresent(after -> all.put("after", after.toString()));
        return all.isEmpty()
                ? ""
                : all.entrySet().stream()
                        .map(entry ->
                                entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&", "?", ""));
    }

    private static RequestStatus status(String word) {
        try {
            return RequestStatus.of(word);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'status' must be pending, in_progress, completed or cancelled");
        }
    }

    private static Due due(String word) {
        try {
            return Due.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'due' must be open, at_risk or overdue");
        }
    }

    private static Instant instant(String text, String name, int daysLater) {
        try {
            return text.contains("T")
                    ? Instant.parse(text)
                    : LocalDate.parse(text)
                            .plusDays(daysLater)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'" + name + "' must be a day or an instant, such as 2026-11-26 or" + " 2026-11-26T08:00:00Z");
        }
    }

    private static Cursor cursor(String text) {
        try {
            return Cursor.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'after' must be what the page before named as its next");
        }
    }
}
