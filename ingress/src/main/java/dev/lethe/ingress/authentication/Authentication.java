package dev.lethe.ingress.authentication;

import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;

/** One way of telling whether a webhook call is FusionAuth's. Used by many threads at once. */
public interface Authentication extends AutoCloseable {
    /**
     * Why the call is refused, for the log and the metrics; empty if it passes. Never tells the caller, and never
     * throws, whatever the call holds. May wait for half a second, in few calls at once.
     *
     * @param call the call's headers
     * @param body the raw body, already read
     */
    Optional<Refusal> refusal(Context call, byte[] body);

    /** Why no call can pass at the moment, each with what to do; empty if some can. */
    default List<String> problems() {
        return List.of();
    }

    /** Ends what it does in the background, if anything. */
    @Override
    default void close() {}
}
