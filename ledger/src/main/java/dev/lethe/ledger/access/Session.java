package dev.lethe.ledger.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;

/**
 * Somebody's browser that is signed in.
 *
 * @param csrf what every form of theirs carries, and nobody else's can know
 * @param begun when they signed in
 * @param used when it was last in use
 */
record Session(Person person, String csrf, Instant begun, Instant used) {
    Session usedAt(Instant now) {
        return new Session(person, csrf, begun, now);
    }

    boolean knows(String presented) {
        return MessageDigest.isEqual(csrf.getBytes(StandardCharsets.UTF_8), presented.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "Session[" + person + "]";
    }
}
