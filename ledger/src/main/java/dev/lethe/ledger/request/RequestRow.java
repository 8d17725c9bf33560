package dev.lethe.ledger.request;

import dev.lethe.events.SubjectKey;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request as a list shows it.
 *
 * @param requestedAt when it was received, or, of one that is known by what became of it alone, the first that is known
 * @param dueBy when it has to be done; null if the request itself is not known
 * @param source who announced it; null if the request itself is not known
 * @param announcedAt when it was announced, where the identity provider is asked first
 * @param acceptedAt when it was in the log that the stores read; null if it is not
 * @param settledAt when it was completed or cancelled; null if it is open
 * @param stores how many stores it concerns
 * @param storesDone how many of them have settled it
 * @param failed whether a store did not manage it and a human has to decide
 * @param retained whether a store keeps something for a reason
 * @param givenUp whether a human relieved a store of it
 * @param items how many items were deleted or made anonymous, in all
 * @param lastAt when something last happened to it
 */
public record RequestRow(
        UUID requestId,
        SubjectKey subjectKey,
        RequestStatus status,
        Instant requestedAt,
        @Nullable Instant dueBy,
        @Nullable String source,
        @Nullable Instant announcedAt,
        @Nullable Instant acceptedAt,
        @Nullable Instant settledAt,
        int stores,
        int storesDone,
        boolean failed,
        boolean retained,
        boolean givenUp,
        long items,
        Instant lastAt) {
    public boolean isOverdue(Instant now) {
        return status.isOpen() && dueBy != null && dueBy.isBefore(now);
    }
}
