package dev.lethe.worker.deadletter;

import dev.lethe.events.Codec;
import dev.lethe.events.ErasureRequest;
import dev.lethe.events.Keys;
import dev.lethe.events.UnreadableRecordException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * An open entry of the dead letters: a request that one store does not have done, and that waits for a human.
 *
 * @param record as it stands in {@code erasure.dead-letters}
 * @param failure what its headers tell; null if they tell nothing, because it was not Lethe that wrote it
 * @param request the request's clear fields; null if they can't be read
 */
public record DeadLetter(
        ConsumerRecord<String, byte[]> record,
        @Nullable Failure failure,
        @Nullable ErasureRequest request) {
    /** The code of an entry whose headers tell none. */
    static final String UNKNOWN = "UNKNOWN";

    /** Reads one, which has a key and a value. */
    public static DeadLetter of(ConsumerRecord<String, byte[]> record) {
        return new DeadLetter(record, Failure.read(record.headers()), requestOf(record));
    }

    private static @Nullable ErasureRequest requestOf(ConsumerRecord<String, byte[]> record) {
        try {
            return Codec.decodeRequest(record.value());
        } catch (UnreadableRecordException e) {
            return null;
        }
    }

    public String key() {
        return record.key();
    }

    public String store() {
        return failure == null ? key().substring(key().lastIndexOf('/') + 1) : failure.store();
    }

    public String code() {
        return failure == null ? UNKNOWN : failure.code();
    }

    /** The attempts that have failed. */
    public int attempts() {
        return failure == null ? 1 : failure.attempt();
    }

    /** When the first attempt failed, or the first since it was last redriven. */
    public Instant firstFailedAt() {
        return failure == null ? Instant.ofEpochMilli(record.timestamp()) : failure.firstFailedAt();
    }

    public Duration age(Instant now) {
        return Duration.between(firstFailedAt(), now);
    }

    /**
     * Why it can't be sent back to its store, and what to do about it; empty if it can.
     *
     * @param keys with which the workers would open it
     * @param stores whose retry topics are read
     */
    public Optional<String> obstacle(Keys keys, Set<String> stores) {
        if (failure == null) {
            return Optional.of("its headers don't say where it comes from. "
                    + Explanation.of(UNKNOWN).remedy());
        }
        if (!stores.contains(store())) {
            return Optional.of("the configuration names no store '" + store()
                    + "', so nobody would take it. Name the store's configuration with --config, or discard"
                    + " the entry.");
        }
        try {
            keys.open(Codec.decodeRequest(record.value()));
            return Optional.empty();
        } catch (UnreadableRecordException e) {
            String reason = e.reason().name();
            return Optional.of("it can't be read now either (" + reason + "). "
                    + Explanation.of(reason).remedy());
        }
    }
}
