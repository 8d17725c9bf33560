package dev.lethe.ledger.certificate;

/** A certificate does not stand. The message says why, in words for whoever holds it. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
        super(message);
    }
}
