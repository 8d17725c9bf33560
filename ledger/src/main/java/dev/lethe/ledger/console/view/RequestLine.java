package dev.lethe.ledger.console.view;

import dev.lethe.ledger.request.RequestRow;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request in a list.
 *
 * @param remark what else there is to know; null if nothing
 * @param due how far away the due date is; null if it is not known
 */
public record RequestLine(
        String id,
        String shortId,
        String path,
        String subjectKey,
        Pill status,
        @Nullable String remark,
        Moment received,
        @Nullable String due,
        String dueDay,
        Steps steps,
        String items) {

    public static RequestLine of(RequestRow row, Instant now) {
        Instant dueBy = row.dueBy();
        return new RequestLine(
                row.requestId().toString(),
                Words.shortId(row.requestId()),
                path(row.requestId().toString()),
                row.subjectKey().value(),
                Pill.of(row, now),
                remark(row, now),
                Moment.of(row.requestedAt(), now),
                dueBy == null ? null : due(row, dueBy, now),
                dueBy == null ? "" : Words.day(dueBy),
                Steps.of(row),
                Words.number(row.items()));
    }

    static String path(String requestId) {
        return "/console/requests/" + requestId;
    }

    private static @Nullable String remark(RequestRow row, Instant now) {
        if (row.failed() && row.isOverdue(now)) {
            return "overdue";
        }
        if (row.retained()) {
            return "something is kept, with a reason";
        }
        return null;
    }

    private static String due(RequestRow row, Instant dueBy, Instant now) {
        Instant settledAt = row.settledAt();
        if (settledAt != null) {
            return settledAt.isAfter(dueBy) ? "missed by " + Words.span(Duration.between(dueBy, settledAt)) : "met";
        }
        return dueBy.isBefore(now)
                ? "over for " + Words.span(Duration.between(dueBy, now))
                : "in " + Words.span(Duration.between(now, dueBy));
    }
}
