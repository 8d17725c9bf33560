package dev.lethe.ledger.access;

/** A call that is not let through. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why not. */
    public enum Why {
        /** Nobody is signed in, or not any more. */
        UNKNOWN(401, "Sign in first."),
        /** Whoever is signed in may not. */
        FORBIDDEN(403, "Your role does not allow this: it takes an operator."),
        /** It does not come from a page of the console, or from one of an earlier session. */
        FOREIGN(403, "This did not come from a page of this console. Go back, load the page again, and repeat it.");

        private final int status;
        private final String explanation;

        Why(int status, String explanation) {
            this.status = status;
            this.explanation = explanation;
        }

        public int status() {
            return status;
        }

        public String explanation() {
            return explanation;
        }
    }

    private final Why why;

    RefusedException(Why why) {
        // Part of the protocol, and frequent under attack: nobody looks at the stack.
        super(why.name(), null, false, false);
        this.why = why;
    }

    public Why why() {
        return why;
    }
}
