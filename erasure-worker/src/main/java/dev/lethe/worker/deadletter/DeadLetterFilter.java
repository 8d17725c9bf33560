package dev.lethe.worker.deadletter;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Some of the dead letters.
 *
 * @param store of this store; null for any
 * @param code with this code; null for any
 * @param olderThan that first failed longer ago than this; null for any
 */
public record DeadLetterFilter(
        @Nullable String store,
        @Nullable String code,
        @Nullable Duration olderThan) {

    public boolean matches(DeadLetter letter, Instant now) {
        return (store == null || store.equals(letter.store()))
                && (code == null || code.equalsIgnoreCase(letter.code()))
                && (olderThan == null || letter.age(now).compareTo(olderThan) > 0);
    }
}
