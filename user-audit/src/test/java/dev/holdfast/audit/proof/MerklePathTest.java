package dev.holdfast.audit.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MerklePathTest {
    private static final long[] AROUND_TILES = {
        1, 2, 3, 255, 256, 257, 511, 512, 513, 65_279, 65_280, 65_281, 65_535, 65_536, 65_537, 65_791, 65_792, 65_793,
        66_000
    };
    private static final NaiveTree NAIVE = NaiveTree.ofSize(66_000);

    private static List<Hash> known(MerklePath path) {
        return path.hashes(new NaiveTree(KnownTree.LEAVES).read(path.tiles()));
    }

    private static List<Hash> hashes(MerklePath path) {
        return path.hashes(NAIVE.read(path.tiles()));
    }

    @Test
    void hasTheKnownInclusionPaths() {
        assertThat(known(MerklePath.inclusion(0, 1))).isEmpty();
        assertThat(known(MerklePath.inclusion(0, 8)))
                .isEqualTo(KnownTree.hashes(
                        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"));
        assertThat(known(MerklePath.inclusion(5, 8)))
                .isEqualTo(KnownTree.hashes(
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"));
        assertThat(known(MerklePath.inclusion(2, 3)))
                .isEqualTo(KnownTree.hashes("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"));
        assertThat(known(MerklePath.inclusion(1, 5)))
                .isEqualTo(KnownTree.hashes(
                        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"));
    }

    @Test
    void hasTheKnownConsistencyPaths() {
        assertThat(known(MerklePath.consistency(1, 1))).isEmpty();
        assertThat(known(MerklePath.consistency(1, 8)))
                .isEqualTo(KnownTree.hashes(
                        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"));
        assertThat(known(MerklePath.consistency(6, 8)))
                .isEqualTo(KnownTree.hashes(
                        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"));
        assertThat(known(MerklePath.consistency(2, 5)))
                .isEqualTo(KnownTree.hashes(
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"));
        assertThat(known(MerklePath.consistency(6, 7)))
                .isEqualTo(KnownTree.hashes(
                        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"));
    }

    @Test
    void provesEachLeafOfEachSizeUpTo600() {
        LongStream.rangeClosed(1, 600)
                .parallel()
                .forEach(size -> LongStream.range(0, size).forEach(leaf -> provesInclusion(leaf, size)));
    }

    @Test
    void provesLeavesOnBothSidesOfTileBorders() {
        for (long size : AROUND_TILES) {
            LongStream.of(AROUND_TILES)
                    .map(leaf -> leaf - 1)
                    .filter(leaf -> leaf < size)
                    .forEach(leaf -> provesInclusion(leaf, size));
        }
    }

    private static void provesInclusion(long leaf, long size) {
        // When
        List<Hash> path = hashes(MerklePath.inclusion(leaf, size));

        // Then
        assertThat(path).isEqualTo(NAIVE.inclusion(leaf, size));
        assertThat(MerkleProof.verifyInclusion(NAIVE.leaf(leaf), leaf, size, path, NAIVE.root(size)))
                .isTrue();
    }

    @Test
    void provesThatEachSizeUpTo130GoesOnFromEachSmallerOne() {
        for (long second = 1; second <= 130; second++) {
            for (long first = 1; first <= second; first++) {
                provesConsistency(first, second);
            }
        }
    }

    @Test
    void provesConsistencyAcrossTileBordersAndBetweenAnySizes() {
        for (long second : AROUND_TILES) {
            LongStream.of(AROUND_TILES)
                    .filter(first -> first <= second)
                    .forEach(first -> provesConsistency(first, second));
        }
        var random = new Random(1);
        for (int sample = 0; sample < 500; sample++) {
            long second = random.nextLong(1, 66_001);
            provesConsistency(random.nextLong(1, second + 1), second);
        }
    }

    private static void provesConsistency(long first, long second) {
        // When
        List<Hash> path = hashes(MerklePath.consistency(first, second));

        // Then
        assertThat(path).isEqualTo(NAIVE.consistency(first, second));
        assertThat(MerkleProof.verifyConsistency(first, second, NAIVE.root(first), NAIVE.root(second), path))
                .isTrue();
    }

    @Test
    void goesOnFromTheEmptyTreeWithoutAnyHash() {
        assertThat(hashes(MerklePath.consistency(0, 5))).isEmpty();
        assertThat(MerkleProof.verifyConsistency(0, 5, NAIVE.root(0), NAIVE.root(5), List.of()))
                .isTrue();
    }

    @Test
    void readsAtMostTwoTilesOfEachLevelHoweverLargeTheTree() {
        var random = new Random(1);
        for (int sample = 0; sample < 10_000; sample++) {
            // Given
            long size = (random.nextLong() >>> random.nextInt(1, Long.SIZE)) + 1;
            long other = random.nextLong(size);

            // When
            List<Tile> included = MerklePath.inclusion(other, size).tiles();
            List<Tile> consistent = MerklePath.consistency(other + 1, size).tiles();

            // Then
            assertThat(List.of(included, consistent)).allSatisfy(tiles -> {
                assertThat(tiles).allMatch(tile -> isStored(tile, size));
                assertThat(tiles.stream().collect(Collectors.groupingBy(Tile::level, Collectors.counting())))
                        .allSatisfy((level, count) -> assertThat(count).isLessThanOrEqualTo(2));
                assertThat(tiles).extracting(Function.identity()).doesNotHaveDuplicates();
            });
        }
    }

    private static boolean isStored(Tile tile, long size) {
        return tile.level() % Tile.HEIGHT == 0
                && tile.first() % Tile.WIDTH == 0
                && tile.count() >= 1
                && tile.count() <= Tile.WIDTH
                && tile.first() + tile.count() <= size >> tile.level();
    }

    @Test
    void refusesWhatIsNotInTheTree() {
        assertThatThrownBy(() -> MerklePath.inclusion(5, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MerklePath.inclusion(-1, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MerklePath.consistency(6, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MerklePath.consistency(-1, 5)).isInstanceOf(IllegalArgumentException.class);
    }
}
