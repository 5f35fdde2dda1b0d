package dev.holdfast.audit.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MerkleProofTest {
    private static final NaiveTree TREE = NaiveTree.ofSize(300);

    @ParameterizedTest
    @CsvSource({"0,1", "0,2", "1,2", "2,3", "6,7", "5,8", "0,300", "255,256", "256,257", "298,299", "137,300"})
    void refusesAnInclusionInWhichOneBitIsFlipped(long leaf, long size) {
        // Given
        Hash leafHash = TREE.leaf(leaf);
        Hash root = TREE.root(size);
        List<Hash> path = TREE.inclusion(leaf, size);
        assertThat(MerkleProof.verifyInclusion(leafHash, leaf, size, path, root))
                .isTrue();

        // When / Then
        assertThat(flips(leafHash)).noneMatch(other -> MerkleProof.verifyInclusion(other, leaf, size, path, root));
        assertThat(flips(root)).noneMatch(other -> MerkleProof.verifyInclusion(leafHash, leaf, size, path, other));
        assertThat(tampered(path)).noneMatch(other -> MerkleProof.verifyInclusion(leafHash, leaf, size, other, root));
    }

    @ParameterizedTest
    @CsvSource({"0,1", "2,3", "5,8", "137,300", "299,300"})
    void refusesAnInclusionAtAnotherPlace(long leaf, long size) {
        // Given
        List<Hash> path = TREE.inclusion(leaf, size);

        for (long other = -1; other <= size; other++) {
            // When
            boolean verified = MerkleProof.verifyInclusion(TREE.leaf(leaf), other, size, path, TREE.root(size));

            // Then
            assertThat(verified).isEqualTo(other == leaf);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,2", "1,8", "2,5", "3,7", "4,8", "6,8", "7,8", "255,256", "256,257", "256,300", "129,300"})
    void refusesAConsistencyInWhichOneBitIsFlipped(long first, long second) {
        // Given
        Hash old = TREE.root(first);
        Hash now = TREE.root(second);
        List<Hash> path = TREE.consistency(first, second);
        assertThat(MerkleProof.verifyConsistency(first, second, old, now, path)).isTrue();

        // When / Then
        assertThat(flips(old)).noneMatch(other -> MerkleProof.verifyConsistency(first, second, other, now, path));
        assertThat(flips(now)).noneMatch(other -> MerkleProof.verifyConsistency(first, second, old, other, path));
        assertThat(tampered(path)).noneMatch(other -> MerkleProof.verifyConsistency(first, second, old, now, other));
    }

    @Test
    void refusesATreeThatForgotOrReplacedALeaf() {
        // Given
        List<Hash> other = new ArrayList<>(TREE.leaves());
        other.set(3, MerkleHash.leaf(Hash.ZERO));
        var forked = new NaiveTree(other);

        for (long first = 4; first < 300; first++) {
            // When
            boolean verified = MerkleProof.verifyConsistency(
                    first, 300, TREE.root(first), forked.root(300), forked.consistency(first, 300));

            // Then
            assertThat(verified).isFalse();
        }
    }

    @Test
    void refusesSizesThatCannotBe() {
        assertThat(MerkleProof.verifyConsistency(2, 1, TREE.root(2), TREE.root(1), List.of()))
                .isFalse();
        assertThat(MerkleProof.verifyConsistency(-1, 1, TREE.root(0), TREE.root(1), List.of()))
                .isFalse();
        assertThat(MerkleProof.verifyConsistency(0, 1, TREE.root(1), TREE.root(1), List.of()))
                .isFalse();
        assertThat(MerkleProof.verifyConsistency(3, 3, TREE.root(2), TREE.root(3), List.of()))
                .isFalse();
        assertThat(MerkleProof.verifyConsistency(3, 3, TREE.root(3), TREE.root(3), List.of(Hash.ZERO)))
                .isFalse();
        assertThat(MerkleProof.verifyConsistency(3, 5, TREE.root(3), TREE.root(5), List.of()))
                .isFalse();
        assertThat(MerkleProof.verifyConsistency(4, 5, TREE.root(4), TREE.root(5), List.of()))
                .isFalse();
    }

    /** Each bit of each hash flipped, one hash more or less, and two exchanged. */
    private static List<List<Hash>> tampered(List<Hash> path) {
        var tampered = new ArrayList<List<Hash>>();
        for (int i = 0; i < path.size(); i++) {
            for (Hash flipped : flips(path.get(i))) {
                var other = new ArrayList<>(path);
                other.set(i, flipped);
                tampered.add(other);
            }
            var shorter = new ArrayList<>(path);
            shorter.remove(i);
            tampered.add(shorter);
        }
        for (int i = 0; i <= path.size(); i++) {
            var longer = new ArrayList<>(path);
            longer.add(i, Hash.ZERO);
            tampered.add(longer);
        }
        if (path.size() > 1) {
            tampered.add(path.reversed());
        }
        return tampered;
    }

    private static List<Hash> flips(Hash hash) {
        var flips = new ArrayList<Hash>();
        for (int bit = 0; bit < Hash.LENGTH * Byte.SIZE; bit++) {
            byte[] bytes = hash.bytes();
            bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            flips.add(Hash.of(bytes));
        }
        return flips;
    }
}
