package dev.lethe.ledger.request;

import java.time.Duration;
import java.util.Optional;

/**
 * How the ledger stands.
 *
 * @param doneToday requests completed since midnight
 * @param atRisk open requests whose due date passes within three days
 * @param overdue open requests whose due date has passed
 * @param failed open dead letters
 * @param median how long a request takes from its receipt until every store has settled it, of those completed in the last 30
 *     days: half of them no longer. Exact to 5 %. Empty if there are none
 * @param p95 the same for 95 of 100
 */
public record Statistics(
        long pending,
        long inProgress,
        long completed,
        long cancelled,
        long doneToday,
        long atRisk,
        long overdue,
        long failed,
        Optional<Duration> median,
        Optional<Duration> p95) {
    /** Requests with something left to do. */
    public long open() {
        return pending + inProgress;
    }
}
