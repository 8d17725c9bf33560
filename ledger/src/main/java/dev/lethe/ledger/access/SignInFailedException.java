package dev.lethe.ledger.access;

/** Somebody could not be signed in; the message is for them, and names nobody. */
public final class SignInFailedException extends Exception {
    private static final long serialVersionUID = 1;

    SignInFailedException(String message) {
        super(message);
    }
}
