package dev.lethe.ingress.authentication;

import io.javalin.http.Context;
import java.util.Optional;

/** One way of telling whether a webhook call is FusionAuth's. */
public interface Authentication extends AutoCloseable {
    /**
     * Why the call is refused, as a code for the log such as {@code API_KEY}; empty if it passes. Never tells the caller.
     *
     * @param call the call's headers
     * @param body the raw body, already read
     */
    Optional<String> refusal(Context call, byte[] body);

    /** Ends what it does in the background, if anything. */
    @Override
    default void close() {}
}
