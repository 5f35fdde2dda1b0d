package dev.holdfast.audit.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MerkleTreeTest {
    /** More than two full levels of tiles. */
    private static final NaiveTree NAIVE = NaiveTree.ofSize(66_000);

    @Test
    void hasTheKnownRoots() {
        // Given
        MerkleTree tree = MerkleTree.empty();
        assertThat(tree.root()).hasToString("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

        for (int size = 1; size <= KnownTree.LEAVES.size(); size++) {
            // When
            tree.append(List.of(KnownTree.LEAVES.get(size - 1)));

            // Then
            assertThat(tree.root()).isEqualTo(KnownTree.root(size));
        }
    }

    @Test
    void hasTheRootOfTheNaiveTreeAtEachSize() {
        // Given
        MerkleTree tree = MerkleTree.empty();

        for (long size = 1; size <= NAIVE.leaves().size(); size++) {
            // When
            tree.append(List.of(NAIVE.leaf(size - 1)));

            // Then
            assertThat(tree.root()).isEqualTo(NAIVE.root(size));
        }
    }

    @Test
    void givesTheFullSubtreesOfEachEighthLevelToStore() {
        // When
        List<Node> completed = MerkleTree.empty().append(NAIVE.leaves());

        // Then
        Nodes expected = NAIVE.read(List.of(new Tile(8, 0, 256), new Tile(8, 256, 1), new Tile(16, 0, 1)));
        assertThat(completed).hasSize(257 + 1);
        assertThat(completed)
                .allMatch(node -> expected.at(node.level(), node.index()).equals(node.hash()));
        assertThat(completed)
                .filteredOn(node -> node.level() == 8)
                .extracting(Node::index)
                .containsExactlyElementsOf(LongStream.range(0, 257).boxed().toList());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 255, 256, 257, 511, 512, 600, 65_279, 65_280, 65_535, 65_536, 65_537, 65_793})
    void goesOnWithAStoredOne(long size) {
        // Given
        List<Tile> tiles = MerkleTree.tiles(size);
        MerkleTree stored = MerkleTree.of(size, NAIVE.read(tiles));
        MerkleTree inMemory = MerkleTree.empty();
        inMemory.append(NAIVE.leaves().subList(0, (int) size));
        List<Hash> next = NAIVE.leaves().subList((int) size, (int) size + 200);
        assertThat(stored.root()).isEqualTo(NAIVE.root(size));

        // When
        List<Node> completed = stored.append(next);

        // Then
        assertThat(completed).isEqualTo(inMemory.append(next));
        assertThat(stored.root()).isEqualTo(NAIVE.root(size + 200));
        assertThat(stored.size()).isEqualTo(size + 200);
    }

    @Test
    void canBeReadFromWhatItGaveToStore() {
        // Given
        var stored = new ArrayList<>(MerkleTree.empty().append(NAIVE.leaves()));
        LongStream.range(0, NAIVE.leaves().size()).forEach(leaf -> stored.add(new Node(0, leaf, NAIVE.leaf(leaf))));

        // When
        MerkleTree read = MerkleTree.of(66_000, Nodes.of(stored));

        // Then
        assertThat(read.root()).isEqualTo(NAIVE.root(66_000));
    }

    @Test
    void readsTheLastTileOfEachLevelThatIsNotFull() {
        assertThat(MerkleTree.tiles(0)).isEmpty();
        assertThat(MerkleTree.tiles(3)).containsExactly(new Tile(0, 0, 3));
        assertThat(MerkleTree.tiles(256)).containsExactly(new Tile(8, 0, 1));
        assertThat(MerkleTree.tiles(65_536 + 2 * 256 + 5))
                .containsExactly(new Tile(16, 0, 1), new Tile(8, 256, 2), new Tile(0, 66_048, 5));
        assertThat(MerkleTree.tiles(Long.MAX_VALUE)).hasSize(8).allMatch(tile -> tile.count() <= Tile.WIDTH);
    }

    @Test
    void saysWhichHashWasNotRead() {
        assertThatThrownBy(() -> MerkleTree.of(3, Nodes.of(List.of())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("level 0");
    }
}
