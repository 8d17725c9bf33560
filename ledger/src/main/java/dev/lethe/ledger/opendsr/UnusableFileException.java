package dev.lethe.ledger.opendsr;

import dev.lethe.config.MisconfiguredException;

/** A file that the section {@code opendsr} names can't be used. */
final class UnusableFileException extends MisconfiguredException {
    private static final long serialVersionUID = 1;

    UnusableFileException(String message) {
        super(message);
    }
}
