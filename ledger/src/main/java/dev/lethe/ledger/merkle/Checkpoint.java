package dev.lethe.ledger.merkle;

import dev.lethe.ledger.keys.LedgerKeys;
import dev.lethe.ledger.keys.PublicKeys;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the tree is at a size, as a signed note: whoever keeps one can tell later whether the log still begins with what it stood
 * for.
 *
 * @param origin the name of the log
 * @param size how many leaves
 * @param root the hash over them
 * @see <a href="https://c2sp.org/tlog-checkpoint">C2SP tlog-checkpoint</a> and <a href="https://c2sp.org/signed-note">C2SP
 *     signed-note</a>
 */
@SuppressWarnings("ArrayRecordComponent") // equal by what is in it, see below
public record Checkpoint(String origin, long size, byte[] root) {
    private static final Pattern NOTE = Pattern.compile(
            "([^\\s+]+)\n(0|[1-9][0-9]{0,17})\n([A-Za-z0-9+/=]{44})\n\n\u2014 ([^\\s+]+) ([A-Za-z0-9+/=]+)\n");
    /** In a signed note, an Ed25519 signature. */
    private static final byte ED25519 = 1;

    private static final int ID_LENGTH = 4;

    /** @throws IllegalArgumentException if the note is none that this code writes, or no key of these signed it */
    public static Checkpoint open(String note, PublicKeys keys) {
        Matcher parts = NOTE.matcher(note);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "it is no checkpoint: a name, a size, a hash, an empty line, a signature");
        }
        var checkpoint = new Checkpoint(
                parts.group(1), Long.parseLong(parts.group(2)), decoded(parts.group(3), MerkleHash.LENGTH));
        byte[] signature = decoded(parts.group(5), ID_LENGTH + PublicKeys.SIGNATURE_LENGTH);
        byte[] id = Arrays.copyOf(signature, ID_LENGTH);
        byte[] signed = Arrays.copyOfRange(signature, ID_LENGTH, signature.length);
        for (byte[] key : keys.raw()) {
            if (parts.group(4).equals(checkpoint.origin)
                    && Arrays.equals(id, id(checkpoint.origin, key))
                    && PublicKeys.verifies(key, signed, checkpoint.text())) {
                return checkpoint;
            }
        }
        throw new IllegalArgumentException("its signature is not one of this key");
    }

    /** The note, signed with the key in force. */
    public String sign(LedgerKeys keys) {
        byte[] key = keys.publicKeys().raw().getFirst();
        byte[] id = id(origin, key);
        byte[] signature = keys.sign(text());
        byte[] both = Arrays.copyOf(id, id.length + signature.length);
        System.arraycopy(signature, 0, both, id.length, signature.length);
        return new String(text(), StandardCharsets.UTF_8) + "\n\u2014 " + origin + " "
                + Base64.getEncoder().encodeToString(both) + "\n";
    }

    /** Whether a log can have this name: no blanks, no {@code +}. */
    public static boolean isName(String origin) {
        return !origin.isEmpty() && origin.chars().noneMatch(c -> Character.isWhitespace(c) || c == '+' || c > 126);
    }

    private byte[] text() {
        return (origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root) + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] id(String name, byte[] key) {
        var digest = MerkleHash.sha256();
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        digest.update(new byte[] {'\n', ED25519});
        return Arrays.copyOf(digest.digest(key), ID_LENGTH);
    }

    /** Accepts one spelling only: a last character has bits that a decoder would read over. */
    private static byte[] decoded(String base64, int length) {
        byte[] bytes = Base64.getDecoder().decode(base64);
        if (bytes.length != length || !Base64.getEncoder().encodeToString(bytes).equals(base64)) {
            throw new IllegalArgumentException("it is no checkpoint: what should be base64 is not");
        }
        return bytes;
    }

    /** @throws IllegalArgumentException if it is no list of hashes, each in the one spelling of base64 */
    public static List<byte[]> hashes(List<String> base64) {
        return base64.stream().map(text -> decoded(text, MerkleHash.LENGTH)).toList();
    }

    public static List<String> texts(List<byte[]> hashes) {
        return hashes.stream().map(Base64.getEncoder()::encodeToString).toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Checkpoint checkpoint
                && origin.equals(checkpoint.origin)
                && size == checkpoint.size
                && Arrays.equals(root, checkpoint.root);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(root);
    }

    @Override
    public String toString() {
        return "Checkpoint[" + origin + ", " + size + "]";
    }
}
