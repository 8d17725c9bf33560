package dev.lethe.ledger.merkle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class MerkleTreeProperties {
    private static final int MOST = 1200;

    /** The leaves' hashes, and the tree in tiles as a database would keep them. */
    private static final List<byte[]> LEAVES = IntStream.range(0, MOST)
            .mapToObj(i -> MerkleHash.leaf(("entry " + i).getBytes(StandardCharsets.UTF_8)))
            .toList();

    private static final MerkleTree TREE = new MerkleTree(tiles(LEAVES, 97));

    @Example
    void theHashesAreThoseOfTheRfc() {
        // The test vectors of Certificate Transparency's implementations.
        List<String> inputs = List.of(
                "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");
        List<byte[]> leaves = inputs.stream()
                .map(hex -> MerkleHash.leaf(HexFormat.of().parseHex(hex)))
                .toList();
        var tree = new MerkleTree(tiles(leaves, 3));

        assertThat(hex(tree.root(0))).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(hex(tree.root(1))).isEqualTo("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        assertThat(hex(tree.root(8))).isEqualTo("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    }

    @Property(tries = 300)
    void aRootIsTheOneThatTheDefinitionGives(@ForAll @IntRange(max = MOST) int size) {
        assertThat(TREE.root(size)).isEqualTo(defined(LEAVES.subList(0, size)));
    }

    @Property(tries = 500)
    void aLeafIsProvedToBeWhereItIsAndNowhereElse(
            @ForAll @IntRange(max = MOST - 1) int one, @ForAll @IntRange(max = MOST - 1) int other) {
        int index = Math.min(one, other);
        int size = Math.max(one, other) + 1;
        List<byte[]> path = TREE.inclusion(index, size);
        byte[] root = TREE.root(size);

        assertThat(Proofs.isIncluded(LEAVES.get(index), index, size, path, root))
                .isTrue();
        assertThat(path.size()).isLessThanOrEqualTo(11);
        assertThat(Proofs.isIncluded(LEAVES.get((index + 1) % MOST), index, size, path, root))
                .as("another leaf in its place")
                .isFalse();
        if (size > 1) {
            assertThat(Proofs.isIncluded(LEAVES.get(index), (index + 1) % size, size, path, root))
                    .as("in another place")
                    .isFalse();
            assertThat(Proofs.isIncluded(LEAVES.get(index), index, size, path.subList(1, path.size()), root))
                    .as("with a shorter path")
                    .isFalse();
        }
        var longer = new ArrayList<>(path);
        longer.add(root);
        assertThat(Proofs.isIncluded(LEAVES.get(index), index, size, longer, root))
                .as("with a longer path")
                .isFalse();
        assertThat(Proofs.isIncluded(LEAVES.get(index), index, size, path, TREE.root((size + 1) % MOST)))
                .as("under another root")
                .isFalse();
    }

    @Property(tries = 500)
    void aTreeThatOnlyGrewIsConsistentAndAForkedOneIsNot(
            @ForAll @IntRange(max = MOST) int one,
            @ForAll @IntRange(max = MOST) int other,
            @ForAll @IntRange(max = MOST - 1) int changed) {
        int earlier = Math.min(one, other);
        int size = Math.max(one, other);
        List<byte[]> path = TREE.consistency(earlier, size);
        byte[] before = TREE.root(earlier);

        assertThat(Proofs.isConsistent(earlier, before, size, TREE.root(size), path))
                .isTrue();

        if (changed < earlier) {
            var leaves = new ArrayList<>(LEAVES.subList(0, size));
            leaves.set(changed, MerkleHash.leaf("another entry".getBytes(StandardCharsets.UTF_8)));
            var fork = new MerkleTree(tiles(leaves, size + 1));
            assertThat(Proofs.isConsistent(earlier, before, size, fork.root(size), fork.consistency(earlier, size)))
                    .as("an entry was changed")
                    .isFalse();
            leaves.remove(changed);
            if (leaves.size() >= earlier) {
                var shorter = new MerkleTree(tiles(leaves, size + 1));
                assertThat(Proofs.isConsistent(
                                earlier,
                                before,
                                leaves.size(),
                                shorter.root(leaves.size()),
                                shorter.consistency(earlier, leaves.size())))
                        .as("an entry was taken out")
                        .isFalse();
            }
        }
    }

    @Property(tries = 50)
    void theTilesAreTheSameHoweverTheLeavesCome(@ForAll @IntRange(min = 1, max = 300) int batch) {
        assertThat(stored(LEAVES, batch)).isEqualTo(stored(LEAVES, MOST));
    }

    private static Tiles tiles(List<byte[]> leaves, int batch) {
        Map<String, Tile> stored = stored(leaves, batch);
        return new Tiles((level, index) -> stored.get(level + "/" + index), leaves.size());
    }

    /** As transactions would: each begins with what those before it have written. */
    private static Map<String, Tile> stored(List<byte[]> leaves, int batch) {
        var stored = new HashMap<String, Tile>();
        for (int from = 0; from < leaves.size(); from += batch) {
            var tiles = new Tiles((level, index) -> stored.get(level + "/" + index), from);
            leaves.subList(from, Math.min(leaves.size(), from + batch)).forEach(tiles::append);
            tiles.changed().forEach(tile -> stored.put(tile.level() + "/" + tile.index(), tile));
        }
        return stored;
    }

    /** MTH of RFC 6962, word by word. */
    private static byte[] defined(List<byte[]> leaves) {
        if (leaves.isEmpty()) {
            return MerkleHash.empty();
        }
        if (leaves.size() == 1) {
            return leaves.getFirst();
        }
        int k = 1;
        while (k * 2 < leaves.size()) {
            k *= 2;
        }
        return MerkleHash.node(defined(leaves.subList(0, k)), defined(leaves.subList(k, leaves.size())));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
