package dev.lethe.worker.identity;

import java.time.Duration;

/** The identity provider can't be asked, or its answers prove nothing. Whoever asked waits, and asks again. */
public final class ProviderUnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;
    private final Duration retryAfter;

    /**
     * @param code from a fixed vocabulary in capitals: {@code UNREACHABLE}, {@code UNAUTHENTICATED}, {@code OVERLOADED}, {@code
     *     FAILING}, {@code MISCONFIGURED}, {@code UNPROVEN}
     * @param message what is wrong and what to do, without any identifier of a user
     */
    public ProviderUnavailableException(String code, String message) {
        this(code, message, Duration.ZERO);
    }

    /** @param retryAfter how long it asks to be left alone */
    public ProviderUnavailableException(String code, String message, Duration retryAfter) {
        super(message);
        this.code = code;
        this.retryAfter = retryAfter;
    }

    public String code() {
        return code;
    }

    /** How long it asks to be left alone; zero if it does not say. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
