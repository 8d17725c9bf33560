package dev.lethe.ledger.request;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What became of a request in one store. */
public enum StoreState {
    /** Nothing yet. */
    WAITING,
    /** Nothing of the person is left, or there was nothing. */
    ERASED,
    /** What may go is gone; the rest is kept for a reason and until a date that the outcome names. */
    RETAINED,
    /** The store has taken it over and will have done it at a date that the outcome names. */
    SCHEDULED,
    /** Given up by the worker: a human has to decide. */
    FAILED,
    /** Given up by a human, who said why. Not erased. */
    GIVEN_UP;

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if it is none of these */
    @JsonCreator
    public static StoreState of(String word) {
        for (StoreState state : values()) {
            if (state.word().equals(word)) {
                return state;
            }
        }
        throw new IllegalArgumentException("no state of a request in a store");
    }

    /** Whether nothing more is to be expected of the store. */
    public boolean isSettled() {
        return this == ERASED || this == RETAINED || this == GIVEN_UP;
    }
}
