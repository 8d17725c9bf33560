package dev.lethe.ledger.request;

import dev.lethe.ledger.journal.Leaf;
import java.util.List;

/**
 * All there is about a request.
 *
 * @param stores by name
 * @param timeline what happened to it, in the order of the journal
 * @param deadLetters the open ones
 */
public record RequestDetail(
        RequestRow request, List<StoreRow> stores, List<Leaf> timeline, List<DeadLetterRow> deadLetters) {
    public RequestDetail {
        stores = List.copyOf(stores);
        timeline = List.copyOf(timeline);
        deadLetters = List.copyOf(deadLetters);
    }
}
