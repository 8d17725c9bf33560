package dev.lethe.ledger.request;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How far a request is, in the words of OpenDSR. */
public enum RequestStatus {
    /** Received; no store has answered yet. A request by OpenDSR can still be withdrawn. */
    PENDING,
    /** Some stores have settled it, and others have not, or did not manage to. A request by OpenDSR can't be withdrawn any more. */
    IN_PROGRESS,
    /** Every store has settled it: erased it, keeps what the law demands, or was relieved of it by a human. */
    COMPLETED,
    /** The identity provider still knew the user, or whoever asked for it withdrew it in time: nothing was erased. */
    CANCELLED;

    /** OpenDSR's word: {@code in_progress}. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if it is none of the four */
    @JsonCreator
    public static RequestStatus of(String word) {
        for (RequestStatus status : values()) {
            if (status.word().equals(word)) {
                return status;
            }
        }
        throw new IllegalArgumentException("no status of a request");
    }

    /** Whether there is something left to do. */
    public boolean isOpen() {
        return this == PENDING || this == IN_PROGRESS;
    }
}
