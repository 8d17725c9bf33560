package dev.lethe.ledger.request;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An open dead letter.
 *
 * @param key under which it is redriven or discarded
 * @param requestId the request; null if the record can't be read
 */
public record DeadLetterRow(
        String key,
        @Nullable UUID requestId,
        String store,
        String code,
        int attempts,
        Instant firstFailedAt,
        Instant at) {}
