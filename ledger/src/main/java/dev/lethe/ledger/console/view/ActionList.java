package dev.lethe.ledger.console.view;

import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.request.ActionRow;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What people did. */
public record ActionList(List<Line> lines, @Nullable String nextPath) {

    /** One thing that somebody did. */
    public record Line(
            long index,
            Moment at,
            String actor,
            String action,
            @Nullable String requestPath,
            String shortRequest,
            @Nullable String store,
            @Nullable String reason) {

        public static Line of(ActionRow row, Instant now) {
            JournalEntry.Acted action = row.action();
            UUID request = action.requestId();
            return new Line(
                    row.index(),
                    Moment.of(action.at(), now),
                    action.actor(),
                    words(action.action()),
                    request == null ? null : RequestLine.path(request.toString()),
                    request == null ? "" : Words.shortId(request),
                    action.store(),
                    action.reason());
        }
    }

    /** An action as people say it. */
    static String words(String action) {
        return switch (action) {
            case "sign-in" -> "Signed in";
            case "sign-out" -> "Signed out";
            case "find" -> "Looked a person up";
            case "request" -> "Requested an erasure";
            case "cancel" -> "Cancelled a request";
            case "redrive" -> "Sent a dead letter back";
            case "discard" -> "Gave a dead letter up";
            case "certificate" -> "Took a certificate";
            default -> action;
        };
    }
}
