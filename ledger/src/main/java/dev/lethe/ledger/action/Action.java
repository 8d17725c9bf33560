package dev.lethe.ledger.action;

import java.util.Locale;

/** What a person can do here. */
public enum Action {
    SIGN_IN,
    SIGN_OUT,
    /** Look a person up by their ids. */
    FIND,
    /** Request an erasure. */
    REQUEST,
    /** Cancel a request that is still pending. */
    CANCEL,
    /** Send a dead letter back to its store. */
    REDRIVE,
    /** Give a dead letter up. */
    DISCARD,
    /** Take a certificate along. */
    CERTIFICATE;

    /** As the journal has it: {@code sign-in}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
