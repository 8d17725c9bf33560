package dev.lethe.ledger.request;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Numbers over all requests, from what was counted as it happened: as fast with a million of them as with none. Every method throws {@link
 * org.jdbi.v3.core.JdbiException} if the database does not answer. Safe for any thread.
 */
public final class Figures {
    /** Over how long the time to erase is told. */
    private static final int DAYS = 30;

    private static final String HOURS_BEFORE =
            "select coalesce(sum(count), 0) from tally where kind = :kind" + " and hour >= :from and hour < :until";

    private final Jdbi jdbi;

    public Figures(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** @param zone whose midnight begins today; the hour of UTC that it is in, where it is within one */
    public Statistics statistics(Instant now, ZoneId zone) {
        Instant midnight = now.atZone(zone).truncatedTo(ChronoUnit.DAYS).toInstant();
        return jdbi.inTransaction(handle -> {
            Map<String, Long> byStatus = byStatus(handle);
            Durations durations = durations(handle, now);
            return new Statistics(
                    byStatus.getOrDefault(Tally.of(RequestStatus.PENDING), 0L),
                    byStatus.getOrDefault(Tally.of(RequestStatus.IN_PROGRESS), 0L),
                    byStatus.getOrDefault(Tally.of(RequestStatus.COMPLETED), 0L),
                    byStatus.getOrDefault(Tally.of(RequestStatus.CANCELLED), 0L),
                    completedSince(handle, midnight, now),
                    due(handle, now, now.plus(Requests.SOON)),
                    due(handle, Instant.EPOCH, now),
                    handle.createQuery("select count(*) from dead_letter")
                            .mapTo(Long.class)
                            .one(),
                    durations.percentile(50),
                    durations.percentile(95));
        });
    }

    /**
     * A chart of hours or days.
     *
     * @param unit {@link ChronoUnit#HOURS} or {@link ChronoUnit#DAYS}
     * @param zone whose hours or days
     * @return one point for each, the oldest first, none left out
     */
    public List<Point> points(Instant from, Instant until, ChronoUnit unit, ZoneId zone) {
        if (unit != ChronoUnit.HOURS && unit != ChronoUnit.DAYS) {
            throw new IllegalArgumentException("a chart is one of hours or days");
        }
        Map<Instant, Point> points = new LinkedHashMap<>();
        // Truncated each time: the day after one that had no midnight has one again.
        for (var at = from.atZone(zone).truncatedTo(unit);
                at.toInstant().isBefore(until);
                at = at.plus(1, unit).truncatedTo(unit)) {
            points.put(at.toInstant(), new Point(at.toInstant(), 0, 0, 0));
        }
        jdbi.useHandle(handle -> handle.createQuery("select kind, hour, count from tally"
                        + " where kind in (:requested, :completed, :items) and hour >= :from and hour < :until")
                .bind("requested", Tally.REQUESTED)
                .bind("completed", Tally.COMPLETED)
                .bind("items", Tally.ITEMS)
                .bind("from", from.atZone(zone).truncatedTo(unit).toInstant())
                .bind("until", until)
                .map((row, context) -> new Tally(
                        row.getString("kind"),
                        row.getObject("hour", OffsetDateTime.class).toInstant(),
                        row.getLong("count")))
                .forEach(tally -> points.computeIfPresent(
                        tally.hour().atZone(zone).truncatedTo(unit).toInstant(), (at, point) -> tally.addedTo(point))));
        return List.copyOf(points.values());
    }

    private static Map<String, Long> byStatus(Handle handle) {
        var counts = new LinkedHashMap<String, Long>();
        handle.createQuery("select kind, count from tally where hour = :epoch")
                .bind("epoch", Instant.EPOCH)
                .map((row, context) -> Map.entry(row.getString("kind"), row.getLong("count")))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return counts;
    }

    private static long completedSince(Handle handle, Instant midnight, Instant now) {
        return handle.createQuery(HOURS_BEFORE)
                .bind("kind", Tally.COMPLETED)
                .bind("from", midnight.truncatedTo(ChronoUnit.HOURS))
                .bind("until", now.plus(Duration.ofDays(2)))
                .mapTo(Long.class)
                .one();
    }

    /** Open requests that are due from one instant to another: whole hours as they were counted, the two at the ends one by one. */
    private static long due(Handle handle, Instant from, Instant until) {
        Instant firstHour = ceiling(from);
        Instant lastHour = until.truncatedTo(ChronoUnit.HOURS);
        if (!firstHour.isBefore(lastHour)) {
            return oneByOne(handle, from, until);
        }
        long whole = handle.createQuery(HOURS_BEFORE)
                .bind("kind", Tally.OPEN_DUE)
                .bind("from", firstHour)
                .bind("until", lastHour)
                .mapTo(Long.class)
                .one();
        return whole + oneByOne(handle, from, firstHour) + oneByOne(handle, lastHour, until);
    }

    private static Instant ceiling(Instant instant) {
        Instant hour = instant.truncatedTo(ChronoUnit.HOURS);
        return hour.equals(instant) ? hour : hour.plus(1, ChronoUnit.HOURS);
    }

    private static long oneByOne(Handle handle, Instant from, Instant until) {
        return handle.createQuery("select count(*) from request where status in ('pending', 'in_progress')"
                        + " and due_by >= :from and due_by < :until")
                .bind("from", from)
                .bind("until", until)
                .mapTo(Long.class)
                .one();
    }

    private static Durations durations(Handle handle, Instant now) {
        var buckets = new ArrayList<Durations.Bucket>();
        handle.createQuery("select bucket, sum(count) as count from duration where day > :since group by bucket"
                        + " order by bucket")
                .bind("since", now.atOffset(ZoneOffset.UTC).toLocalDate().minusDays(DAYS))
                .map((row, context) -> new Durations.Bucket(row.getInt("bucket"), row.getLong("count")))
                .forEach(buckets::add);
        return new Durations(buckets);
    }
}
