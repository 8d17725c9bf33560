package dev.lethe.ledger.database;

/** The journal is not the one that the database was made from, or contradicts itself. Nothing is written; a human has to look. */
public final class JournalMismatchException extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;

    JournalMismatchException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** Such as {@code FORKED}. */
    public String code() {
        return code;
    }
}
