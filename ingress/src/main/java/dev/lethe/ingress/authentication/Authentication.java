package dev.lethe.ingress.authentication;

import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;

/** One way of telling whether a webhook call is FusionAuth's. Used by many threads at once. */
public interface Authentication extends AutoCloseable {
    /**
     * Why the call is refused by its headers, for the log and the metrics; empty if it passes so far. Asked before a byte of
     * the body is read, so that strangers take none of the memory that is for FusionAuth. Never tells the caller, and never
     * throws, whatever the call holds. May wait for half a second, in few calls at once.
     */
    Optional<Refusal> refusal(Context call);

    /**
     * Why a call whose headers have passed is refused by its body; empty if it passes.
     *
     * @param body the raw body
     */
    default Optional<Refusal> refusal(Context call, byte[] body) {
        return Optional.empty();
    }

    /** Why no call can pass at the moment, each with what to do; empty if some can. */
    default List<String> problems() {
        return List.of();
    }

    /** Ends what it does in the background, if anything. */
    @Override
    default void close() {}
}
