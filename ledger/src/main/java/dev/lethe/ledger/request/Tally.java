package dev.lethe.ledger.request;

import java.time.Instant;

/**
 * A row of what is counted as it happens.
 *
 * @param kind what is counted
 * @param hour in the hour that begins then; the epoch for what is counted once and for all
 */
public record Tally(String kind, Instant hour, long count) {
    /** Requests received. */
    public static final String REQUESTED = "requested";
    /** Requests completed. */
    public static final String COMPLETED = "completed";
    /** Items deleted or made anonymous. */
    public static final String ITEMS = "items";
    /** Open requests that are due then. */
    public static final String OPEN_DUE = "open-due";

    /** Requests of that status, counted once and for all. */
    public static String of(RequestStatus status) {
        return "status " + status.word();
    }

    Point addedTo(Point point) {
        return switch (kind) {
            case REQUESTED -> new Point(point.from(), point.requested() + count, point.completed(), point.items());
            case COMPLETED -> new Point(point.from(), point.requested(), point.completed() + count, point.items());
            default -> new Point(point.from(), point.requested(), point.completed(), point.items() + count);
        };
    }
}
