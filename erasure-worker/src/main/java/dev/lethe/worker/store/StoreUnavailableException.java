package dev.lethe.worker.store;

import java.time.Duration;

/**
 * The store as a whole can't be reached or is refusing work. The lane holds its batch and asks again for as long as it
 * takes.
 */
public final class StoreUnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;
    private final Duration retryAfter;

    /**
     * @param code from a fixed vocabulary in capitals: {@code UNREACHABLE}, {@code UNAUTHENTICATED}, {@code OVERLOADED},
     *     {@code MISCONFIGURED}, …
     * @param message what is wrong and what to do, without any identifier
     */
    public StoreUnavailableException(String code, String message) {
        this(code, message, Duration.ZERO);
    }

    /** @param retryAfter how long it asks to be left alone */
    public StoreUnavailableException(String code, String message, Duration retryAfter) {
        super(message);
        this.code = code;
        this.retryAfter = retryAfter;
    }

    public String code() {
        return code;
    }

    /** How long the store asks to be left alone; zero if it does not say. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
