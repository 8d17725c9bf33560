package dev.lethe.ledger.certificate;

import dev.lethe.ledger.Histories;
import dev.lethe.ledger.journal.JournalCodec;
import dev.lethe.ledger.journal.JournalEntry;
import dev.lethe.ledger.journal.Leaf;
import dev.lethe.ledger.keys.LedgerKeys;
import dev.lethe.ledger.merkle.Checkpoint;
import dev.lethe.ledger.merkle.MerkleHash;
import dev.lethe.ledger.merkle.MerkleTree;
import dev.lethe.ledger.merkle.Tile;
import dev.lethe.ledger.merkle.Tiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A log without a database: entries, and the tree over them. */
final class MemoryLog {
    static final String ORIGIN = "example.org/lethe";

    private final List<JournalEntry> entries;
    private final LedgerKeys keys;
    private final Map<String, Tile> stored = new HashMap<>();

    MemoryLog(List<JournalEntry> entries, LedgerKeys keys) {
        this.entries = List.copyOf(new LinkedHashSet<>(entries));
        this.keys = keys;
        var tiles = new Tiles((level, index) -> stored.get(level + "/" + index), 0);
        this.entries.forEach(entry -> tiles.append(MerkleHash.leaf(JournalCodec.encode(entry))));
        tiles.changed().forEach(tile -> stored.put(tile.level() + "/" + tile.index(), tile));
    }

    List<JournalEntry> entries() {
        return entries;
    }

    MerkleTree tree(long size) {
        return new MerkleTree(new Tiles((level, index) -> stored.get(level + "/" + index), size));
    }

    String checkpoint(long size) {
        return new Checkpoint(ORIGIN, size, tree(size).root(size)).sign(keys);
    }

    List<Leaf> timeline(UUID requestId) {
        var leaves = new ArrayList<Leaf>();
        for (int index = 0; index < entries.size(); index++) {
            JournalEntry entry = entries.get(index);
            if (entry.request().equals(Optional.of(requestId))) {
                leaves.add(new Leaf(index, JournalCodec.encode(entry), entry));
            }
        }
        return leaves;
    }

    Answer.Issued issue(UUID requestId, Optional<String> since) {
        return (Answer.Issued) new Issuer(keys, ORIGIN, () -> Histories.START.plus(Duration.ofDays(40)))
                .issue(requestId, timeline(requestId), checkpoint(entries.size()), this::tree, since);
    }
}
