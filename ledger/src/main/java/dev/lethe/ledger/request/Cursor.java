package dev.lethe.ledger.request;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;

/**
 * Where a page ended and the next begins: the last row's instant in the list's order, and its request.
 */
public record Cursor(Instant at, UUID requestId) {
    private static final char SEPARATOR = '~';

    /** As it goes into an address: nothing in it needs escaping. */
    @Override
    public String toString() {
        return at.toString() + SEPARATOR + requestId;
    }

    /** @throws IllegalArgumentException if it is none */
    public static Cursor parse(String text) {
        int separator = text.indexOf(SEPARATOR);
        try {
            return new Cursor(
                    Instant.parse(text.substring(0, Math.max(0, separator))),
                    UUID.fromString(text.substring(separator + 1)));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("no cursor of a page");
        }
    }
}
