package dev.lethe.worker.brake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Set;

/**
 * Whether a store's brake has stopped its lanes: a value of the topic {@code erasure.brakes}.
 *
 * @param tripped whether they stand
 * @param at since when
 * @param message why it has tripped, in words that name nobody
 * @param subjects the pseudonyms of those who had too many items; once a human has let the lanes go on, they may be erased
 */
public record BrakeState(int version, boolean tripped, Instant at, String message, Set<String> subjects) {
    private static final int VERSION = 1;
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public BrakeState {
        subjects = Set.copyOf(subjects);
    }

    static BrakeState tripped(Instant at, String message, Set<String> subjects) {
        return new BrakeState(VERSION, true, at, message, subjects);
    }

    /** The same brake, when a human has looked at it. */
    public BrakeState released(Instant now) {
        return new BrakeState(VERSION, false, now, message, subjects);
    }

    public byte[] encoded() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IOException if it is none, or one of another version */
    public static BrakeState decoded(byte[] value) throws IOException {
        BrakeState state = JSON.readValue(value, BrakeState.class);
        if (state.version != VERSION) {
            throw new IOException("version " + state.version);
        }
        return state;
    }
}
