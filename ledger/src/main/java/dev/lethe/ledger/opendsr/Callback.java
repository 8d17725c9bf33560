package dev.lethe.ledger.opendsr;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * An address that a controller may have called.
 *
 * @param controller whose it is
 * @param fingerprint what stands for it in the journal, which is kept for good: an address can hold a secret
 */
record Callback(String controller, URI url, String fingerprint) {
    private static final int FINGERPRINT_BYTES = 16;

    static Callback of(String controller, String url) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((controller + "\n" + url).getBytes(StandardCharsets.UTF_8));
            byte[] beginning = Arrays.copyOf(hash, FINGERPRINT_BYTES);
            return new Callback(
                    controller,
                    URI.create(url),
                    Base64.getUrlEncoder().withoutPadding().encodeToString(beginning));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** Without what the address may hold. */
    @Override
    public String toString() {
        return "Callback[" + controller + ", " + fingerprint + "]";
    }
}
