package dev.lethe.ledger.intake;

/** A request is not known to be in the log; to send it again is right. */
public final class NotCommittedException extends Exception {
    private static final long serialVersionUID = 1;

    NotCommittedException() {
        super("not committed in time; send it again");
    }
}
