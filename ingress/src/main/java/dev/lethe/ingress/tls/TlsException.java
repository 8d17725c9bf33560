package dev.lethe.ingress.tls;

import dev.lethe.config.MisconfiguredException;

/** PEM files that no server can use; the message names the file, and says what is wrong with it. */
public final class TlsException extends MisconfiguredException {
    private static final long serialVersionUID = 1;

    TlsException(String message) {
        super(message);
    }
}
