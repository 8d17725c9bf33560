package dev.lethe.quickstart.server;

import org.jspecify.annotations.Nullable;

/** A server did not become ready. The message names it, says why and ends with the last lines of its log. */
public final class ServerStartException extends RuntimeException {

    ServerStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
