package dev.lethe.cli;

/** Ends a command with exit code 1; the message says what is wrong and what to do. */
public final class CommandFailedException extends Exception {
    private static final long serialVersionUID = 1;

    public CommandFailedException(String message) {
        super(message);
    }
}
