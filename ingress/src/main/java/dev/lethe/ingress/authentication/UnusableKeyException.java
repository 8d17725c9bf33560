package dev.lethe.ingress.authentication;

/** A key that no signature may rest on; the message completes "this key …". */
final class UnusableKeyException extends Exception {
    private static final long serialVersionUID = 1;

    UnusableKeyException(String message) {
        super(message);
    }
}
