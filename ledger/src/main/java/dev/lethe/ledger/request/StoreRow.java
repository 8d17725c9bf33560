package dev.lethe.ledger.request;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request in one store.
 *
 * @param items how many items were deleted or made anonymous there, over all runs
 * @param settledAt when the store first had it settled; null if it has not
 * @param lastAt when the store last answered; null if it never has
 * @param code why it failed; null if it did not
 */
public record StoreRow(
        String store,
        StoreState state,
        long items,
        @Nullable Instant settledAt,
        @Nullable Instant lastAt,
        @Nullable String code) {}
