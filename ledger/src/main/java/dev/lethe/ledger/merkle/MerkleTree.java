package dev.lethe.ledger.merkle;

import java.util.ArrayList;
import java.util.List;

/**
 * Roots and proofs of a tree, for any size that it has or had. Each takes a number of hashes that grows with the logarithm of the size.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6962#section-2.1">RFC 6962, section 2.1</a>
 */
public final class MerkleTree {
    private final Nodes nodes;

    /** The complete subtrees of a tree. */
    public interface Nodes {
        /**
         * The hash over the leaves {@code index << level} up to, and without, {@code (index + 1) << level}, all of which are
         * there.
         *
         * @param level 0 for a leaf
         */
        byte[] node(int level, long index);
    }

    public MerkleTree(Nodes nodes) {
        this.nodes = nodes;
    }

    /** The hash over the first leaves, so many. */
    public byte[] root(long size) {
        return size == 0 ? MerkleHash.empty() : range(0, size);
    }

    /** What shows that a leaf is in the tree of that size: the siblings on its way to the root, from below. */
    public List<byte[]> inclusion(long index, long size) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("a tree of size " + size + " has no leaf " + index);
        }
        var path = new ArrayList<byte[]>();
        inclusion(index, 0, size, path);
        return path;
    }

    /** What shows that the tree of one size begins with all the leaves, in their order, of the tree of a smaller one. */
    public List<byte[]> consistency(long earlier, long size) {
        if (earlier < 0 || earlier > size) {
            throw new IllegalArgumentException("a tree of size " + size + " was never of size " + earlier);
        }
        var path = new ArrayList<byte[]>();
        if (earlier > 0) {
            consistency(earlier, 0, size, true, path);
        }
        return path;
    }

    private void inclusion(long index, long from, long to, List<byte[]> path) {
        if (to - from == 1) {
            return;
        }
        long middle = middle(from, to);
        if (index < middle) {
            inclusion(index, from, middle, path);
            path.add(range(middle, to));
        } else {
            inclusion(index, middle, to, path);
            path.add(range(from, middle));
        }
    }

    /** @param isKnown whether who verifies has the hash of this range already: it is the whole of the earlier tree */
    private void consistency(long earlier, long from, long to, boolean isKnown, List<byte[]> path) {
        if (earlier == to) {
            if (!isKnown) {
                path.add(range(from, to));
            }
            return;
        }
        long middle = middle(from, to);
        if (earlier <= middle) {
            consistency(earlier, from, middle, isKnown, path);
            path.add(range(middle, to));
        } else {
            consistency(earlier, middle, to, false, path);
            path.add(range(from, middle));
        }
    }

    private byte[] range(long from, long to) {
        long length = to - from;
        if (Long.bitCount(length) == 1) {
            int level = Long.numberOfTrailingZeros(length);
            return nodes.node(level, from >> level);
        }
        long middle = middle(from, to);
        return MerkleHash.node(range(from, middle), range(middle, to));
    }

    /** The left part is the largest power of two that is smaller than the whole. */
    private static long middle(long from, long to) {
        return from + Long.highestOneBit(to - from - 1);
    }
}
