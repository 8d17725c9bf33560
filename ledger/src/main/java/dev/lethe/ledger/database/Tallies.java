package dev.lethe.ledger.database;

import dev.lethe.ledger.request.Durations;
import dev.lethe.ledger.request.RequestStatus;
import dev.lethe.ledger.request.Tally;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** By how much a batch changes what is counted. */
final class Tallies {
    private final Map<Cell, Long> changes = new TreeMap<>();
    private final Map<Day, Long> durations = new TreeMap<>();

    private record Cell(String kind, Instant hour) implements Comparable<Cell> {
        @Override
        public int compareTo(Cell other) {
            int byKind = kind.compareTo(other.kind);
            return byKind == 0 ? hour.compareTo(other.hour) : byKind;
        }
    }

    private record Day(LocalDate day, int bucket) implements Comparable<Day> {
        @Override
        public int compareTo(Day other) {
            int byDay = day.compareTo(other.day);
            return byDay == 0 ? Integer.compare(bucket, other.bucket) : byDay;
        }
    }

    /** What of a request is counted. */
    record Counted(
            RequestStatus status,
            Instant requestedAt,
            @Nullable Instant dueBy,
            @Nullable Instant settledAt) {}

    void items(Instant at, long items) {
        add(Tally.ITEMS, at, items);
    }

    /** @param sign 1 for what a request is now, -1 for what it was */
    void count(Counted request, int sign) {
        changes.merge(new Cell(Tally.of(request.status()), Instant.EPOCH), (long) sign, Long::sum);
        add(Tally.REQUESTED, request.requestedAt(), sign);
        if (request.status().isOpen() && request.dueBy() != null) {
            add(Tally.OPEN_DUE, request.dueBy(), sign);
        }
        if (request.status() == RequestStatus.COMPLETED && request.settledAt() != null) {
            add(Tally.COMPLETED, request.settledAt(), sign);
            durations.merge(
                    new Day(
                            request.settledAt().atOffset(ZoneOffset.UTC).toLocalDate(),
                            Durations.bucketOf(Duration.between(request.requestedAt(), request.settledAt()))),
                    (long) sign,
                    Long::sum);
        }
    }

    private void add(String kind, Instant at, long count) {
        changes.merge(new Cell(kind, at.truncatedTo(ChronoUnit.HOURS)), count, Long::sum);
    }

    /** Leaves no row that counts nothing, so that the same is there however it came about. */
    void write(Connection connection) throws SQLException {
        var cells = new Columns(3);
        changes.forEach((cell, change) -> {
            if (change != 0) {
                cells.add(cell.kind(), cell.hour(), change);
            }
        });
        cells.execute(
                connection,
                "insert into tally (kind, hour, count) select * from unnest(?::text[], ?::text[]::timestamptz[],"
                        + " ?::text[]::bigint[]) on conflict (kind, hour) do update set count = tally.count +"
                        + " excluded.count");
        var days = new Columns(3);
        durations.forEach((day, change) -> {
            if (change != 0) {
                days.add(day.day(), day.bucket(), change);
            }
        });
        days.execute(
                connection,
                "insert into duration (day, bucket, count) select * from unnest(?::text[]::date[],"
                        + " ?::text[]::integer[], ?::text[]::bigint[]) on conflict (day, bucket) do update set count ="
                        + " duration.count + excluded.count");
        try (var statement = connection.createStatement()) {
            if (!cells.isEmpty()) {
                statement.executeUpdate("delete from tally where count = 0");
            }
            if (!days.isEmpty()) {
                statement.executeUpdate("delete from duration where count = 0");
            }
        }
    }
}
