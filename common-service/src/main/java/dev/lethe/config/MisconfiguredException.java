package dev.lethe.config;

/** Something that whoever runs the service has to set right before it can start; the message says what, and how. Exit code 2. */
public abstract class MisconfiguredException extends Exception {
    private static final long serialVersionUID = 1;

    protected MisconfiguredException(String message) {
        super(message);
    }
}
