package dev.lethe.ingress.tls;

import java.security.GeneralSecurityException;

/** Why a connection failed before a request. The names are what logs and metrics say: they stay as they are. */
public enum HandshakeFailure {
    /** A certificate that the authority did not issue, or that is not valid at the time. */
    CLIENT_CERTIFICATE,
    /** No certificate where one is needed, no TLS, or no protocol or cipher in common. */
    HANDSHAKE;

    static HandshakeFailure of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof GeneralSecurityException) {
                return CLIENT_CERTIFICATE;
            }
        }
        return HANDSHAKE;
    }
}
