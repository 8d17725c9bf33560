package dev.lethe.ingress.authentication;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/** Secrets of which a caller has to know one; several for the time of a rotation. */
final class AcceptedSecrets {
    private final List<byte[]> secrets;

    AcceptedSecrets(List<String> secrets) {
        this.secrets = secrets.stream()
                .map(secret -> secret.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** The time this takes tells how long {@code presented} is, and nothing about the secrets but their number. */
    boolean contain(byte[] presented) {
        boolean found = false;
        for (byte[] secret : secrets) {
            found |= MessageDigest.isEqual(presented, secret);
        }
        return found;
    }
}
