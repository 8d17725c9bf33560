package dev.lethe.events;

/**
 * A record that can never be read as it stands. Says why by {@link #reason} alone: neither message nor cause repeats
 * anything of the content.
 */
public final class UnreadableRecordException extends Exception {
    private static final long serialVersionUID = 1;

    /** Why a record can't be read. */
    public enum Reason {
        /** Not the JSON of the wire format. */
        UNDECODABLE,
        /** A version of the wire format that this code does not know. */
        UNKNOWN_VERSION,
        /** Sealed with a key that the key file does not (or no longer) hold, or changed after it was sealed. */
        UNSEALABLE
    }

    private final Reason reason;

    public UnreadableRecordException(Reason reason) {
        super(reason.name());
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
