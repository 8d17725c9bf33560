package dev.lethe.ledger.merkle;

import java.util.Arrays;

/**
 * Up to 256 hashes in a row: of leaves, or, a level higher, of whole tiles below. What is between is worked out. So a proof over a
 * million leaves takes three tiles, and a leaf costs little more than its hash.
 *
 * @param level 0 for leaves
 * @param index from 0, from the left
 * @param hashes one after the other; fewer than 256 in the last tile of a level
 */
@SuppressWarnings("ArrayRecordComponent") // equal by what is in it, see below
public record Tile(int level, long index, byte[] hashes) {
    /** The logarithm of how many hashes a tile has. */
    static final int HEIGHT = 8;

    static final int WIDTH = 1 << HEIGHT;

    int size() {
        return hashes.length / MerkleHash.LENGTH;
    }

    boolean isFull() {
        return size() == WIDTH;
    }

    /** The hash of the complete subtree over so many hashes of the tile, a power of two, from this one on. */
    byte[] subtree(int from, int width) {
        if (from + width > size()) {
            throw new IllegalStateException("tile " + level + "/" + index + " is shorter than the tree");
        }
        if (width == 1) {
            return Arrays.copyOfRange(hashes, from * MerkleHash.LENGTH, (from + 1) * MerkleHash.LENGTH);
        }
        return MerkleHash.node(subtree(from, width / 2), subtree(from + width / 2, width / 2));
    }

    Tile with(byte[] hash) {
        byte[] longer = Arrays.copyOf(hashes, hashes.length + MerkleHash.LENGTH);
        System.arraycopy(hash, 0, longer, hashes.length, MerkleHash.LENGTH);
        return new Tile(level, index, longer);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tile tile
                && level == tile.level
                && index == tile.index
                && Arrays.equals(hashes, tile.hashes);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(index) * 31 + level;
    }

    @Override
    public String toString() {
        return "Tile[" + level + "/" + index + ", " + size() + "]";
    }
}
