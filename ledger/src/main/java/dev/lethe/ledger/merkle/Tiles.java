package dev.lethe.ledger.merkle;

import dev.lethe.ledger.merkle.MerkleTree.Nodes;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A tree in tiles, wherever those are kept: what has been read is remembered, what is appended stands here until it is written. For one thread,
 * and for one transaction.
 */
public final class Tiles implements Nodes {
    private final Source source;
    private final Map<Place, Tile> known = new LinkedHashMap<>();
    private final Set<Place> changed = new HashSet<>();
    private long size;

    /** Where tiles are kept. */
    public interface Source {
        /** The tile at that place, which is there. */
        Tile tile(int level, long index);
    }

    private record Place(int level, long index) {}

    /** @param size how many leaves the tree has that the source keeps */
    public Tiles(Source source, long size) {
        this.source = source;
        this.size = size;
    }

    public long size() {
        return size;
    }

    /** Adds a leaf with this hash behind the others. */
    public void append(byte[] leaf) {
        append(0, size, leaf);
        size++;
    }

    /** The tiles that are new or longer than they were. */
    public Collection<Tile> changed() {
        return changed.stream().map(this::tile).toList();
    }

    @Override
    public byte[] node(int level, long index) {
        int within = level % Tile.HEIGHT;
        long first = index << within;
        return tile(new Place(level / Tile.HEIGHT, first >> Tile.HEIGHT))
                .subtree((int) (first & (Tile.WIDTH - 1)), 1 << within);
    }

    /** @param position of the hash among those of its level */
    private void append(int level, long position, byte[] hash) {
        var place = new Place(level, position >> Tile.HEIGHT);
        boolean isFirst = (position & (Tile.WIDTH - 1)) == 0;
        Tile longer = (isFirst ? new Tile(level, place.index(), new byte[0]) : tile(place)).with(hash);
        known.put(place, longer);
        changed.add(place);
        if (longer.isFull()) {
            append(level + 1, place.index(), longer.subtree(0, Tile.WIDTH));
        }
    }

    private Tile tile(Place place) {
        return known.computeIfAbsent(place, missing -> source.tile(missing.level(), missing.index()));
    }
}
