package dev.lethe.ledger.certificate;

/** What comes of asking for a certificate. */
public sealed interface Answer {
    /** @param file the certificate: UTF-8, JSON, to be kept byte for byte */
    record Issued(String file, Certificate certificate) implements Answer {}

    /** The ledger does not know the request. */
    record Unknown() implements Answer {}

    /** The last thing that happened to it is not under a checkpoint yet: ask again in a few seconds. */
    record TooSoon() implements Answer {}

    /** The log was never what the earlier checkpoint says: one of the two is forged. */
    record Forked() implements Answer {}
}
