package dev.lethe.ingress.authentication;

/** Ends the check of a signature at the first thing that is wrong with it. */
final class SignatureRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final Refusal refusal;

    SignatureRefusedException(Refusal refusal) {
        // Attackers decide how often it is thrown: it has no stack trace to fill.
        super(refusal.name(), null, false, false);
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }
}
