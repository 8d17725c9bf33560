package dev.lethe.ledger.merkle;

import java.util.Arrays;
import java.util.List;

/**
 * Verifies proofs, with nothing but hashes.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3.2">RFC 9162, sections 2.1.3.2 and 2.1.4.2</a>
 */
public final class Proofs {
    private Proofs() {}

    /**
     * Whether the leaf is in the tree, at that place.
     *
     * @param leaf the leaf's hash
     */
    public static boolean isIncluded(byte[] leaf, long index, long size, List<byte[]> path, byte[] root) {
        if (index < 0 || index >= size) {
            return false;
        }
        long place = index;
        long last = size - 1;
        byte[] hash = leaf;
        for (byte[] sibling : path) {
            if (last == 0) {
                return false;
            }
            if (isRight(place) || place == last) {
                hash = MerkleHash.node(sibling, hash);
                while (!isRight(place) && place != 0) {
                    place >>= 1;
                    last >>= 1;
                }
            } else {
                hash = MerkleHash.node(hash, sibling);
            }
            place >>= 1;
            last >>= 1;
        }
        return last == 0 && Arrays.equals(hash, root);
    }

    /** Whether the larger tree begins with all the leaves of the smaller one: nothing was changed, taken out or put in between. */
    public static boolean isConsistent(long earlier, byte[] earlierRoot, long size, byte[] root, List<byte[]> path) {
        if (earlier < 0 || earlier > size) {
            return false;
        }
        if (earlier == size) {
            return path.isEmpty() && Arrays.equals(earlierRoot, root);
        }
        if (earlier == 0) {
            return path.isEmpty() && Arrays.equals(earlierRoot, MerkleHash.empty());
        }
        boolean isComplete = Long.bitCount(earlier) == 1;
        if (path.isEmpty() && !isComplete) {
            return false;
        }
        long place = earlier - 1;
        long last = size - 1;
        while (isRight(place)) {
            place >>= 1;
            last >>= 1;
        }
        byte[] before = isComplete ? earlierRoot : path.getFirst();
        byte[] after = before;
        for (byte[] sibling : isComplete ? path : path.subList(1, path.size())) {
            if (last == 0) {
                return false;
            }
            if (isRight(place) || place == last) {
                before = MerkleHash.node(sibling, before);
                after = MerkleHash.node(sibling, after);
                while (!isRight(place) && place != 0) {
                    place >>= 1;
                    last >>= 1;
                }
            } else {
                after = MerkleHash.node(after, sibling);
            }
            place >>= 1;
            last >>= 1;
        }
        return last == 0 && Arrays.equals(before, earlierRoot) && Arrays.equals(after, root);
    }

    private static boolean isRight(long place) {
        return (place & 1) == 1;
    }
}
