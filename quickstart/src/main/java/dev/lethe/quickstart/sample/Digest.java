package dev.lethe.quickstart.sample;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What a table, or another place for items of people, holds.
 *
 * @param items how many rows, keys or members
 * @param sha256 of all of them with their content, as text, in the order of their ids, in hexadecimal
 */
public record Digest(long items, String sha256) {
    static Digest of(List<String> items) {
        try {
            byte[] text = String.join("\n", items).getBytes(StandardCharsets.UTF_8);
            return new Digest(
                    items.size(),
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(text)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
