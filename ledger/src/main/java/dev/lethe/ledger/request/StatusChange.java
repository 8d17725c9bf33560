package dev.lethe.ledger.request;

import dev.lethe.ledger.journal.JournalEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The status of a request became another one.
 *
 * @param number which of its changes, from 1; it begins as {@link RequestStatus#PENDING}
 * @param at when that happened by which it changed
 */
public record StatusChange(int number, RequestStatus status, Instant at) {
    /**
     * All changes so far, entry by entry: the same for the same journal, however much of it is read at once.
     *
     * @param entries those of one request, in the order of the journal
     */
    public static List<StatusChange> of(UUID requestId, List<JournalEntry> entries) {
        var changes = new ArrayList<StatusChange>();
        RequestStatus last = RequestStatus.PENDING;
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i) instanceof JournalEntry.CalledBack) {
                continue;
            }
            Optional<RequestStatus> status = Account.of(requestId, entries.subList(0, i + 1))
                    .map(account -> account.request().status());
            if (status.isPresent() && status.get() != last) {
                last = status.get();
                changes.add(new StatusChange(
                        changes.size() + 1, last, entries.get(i).at()));
            }
        }
        return changes;
    }
}
