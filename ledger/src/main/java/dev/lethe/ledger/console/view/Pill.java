package dev.lethe.ledger.console.view;

import dev.lethe.ledger.request.RequestRow;
import dev.lethe.ledger.request.StoreState;
import dev.lethe.worker.status.LaneHealth;
import java.time.Instant;

/**
 * A state as a word with a mark.
 *
 * @param tone {@code good}, {@code busy}, {@code warn}, {@code bad} or {@code idle}: the mark and the colour
 */
public record Pill(String tone, String word) {
    static Pill of(RequestRow row, Instant now) {
        if (row.failed() && row.status().isOpen()) {
            return new Pill("bad", "Needs a decision");
        }
        if (row.isOverdue(now)) {
            return new Pill("bad", "Overdue");
        }
        return switch (row.status()) {
            case PENDING -> new Pill("idle", "Pending");
            case IN_PROGRESS -> new Pill("busy", "In progress");
            case COMPLETED ->
                row.givenUp() ? new Pill("warn", "Closed, not erased everywhere") : new Pill("good", "Completed");
            case CANCELLED -> new Pill("idle", "Cancelled");
        };
    }

    static Pill of(StoreState state) {
        return switch (state) {
            case WAITING -> new Pill("idle", "Waiting");
            case ERASED -> new Pill("good", "Erased");
            case RETAINED -> new Pill("warn", "Kept in part");
            case SCHEDULED -> new Pill("busy", "Scheduled");
            case FAILED -> new Pill("bad", "Failed");
            case GIVEN_UP -> new Pill("bad", "Given up");
        };
    }

    static Pill of(LaneHealth.State state) {
        return switch (state) {
            case RUNNING -> new Pill("busy", "Running");
            case IDLE -> new Pill("good", "Up to date");
            case WAITING -> new Pill("idle", "Waiting");
            case HOLDING -> new Pill("bad", "Holding");
            case STALLED -> new Pill("bad", "Stalled");
            case NO_WORKER -> new Pill("bad", "No worker");
        };
    }
}
