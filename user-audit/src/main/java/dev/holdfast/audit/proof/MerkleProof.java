package dev.holdfast.audit.proof;

import java.util.List;

/**
 * Verifies paths of a Merkle tree without the tree
 * (<a href="https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3.2">RFC 9162, sections 2.1.3.2 and 2.1.4.2</a>). Both
 * walk from a node, and from the last node of its level, up to the root: whether the walker is a right child, or has no
 * sibling at the edge of the tree, follows from the bits of their indexes.
 */
public final class MerkleProof {
    private MerkleProof() {}

    /**
     * Whether the leaf has its place in the tree with that root.
     *
     * @param leafHash by {@link MerkleHash#leaf}
     */
    public static boolean verifyInclusion(Hash leafHash, long leaf, long size, List<Hash> path, Hash root) {
        if (leaf < 0 || leaf >= size) {
            return false;
        }
        long node = leaf;
        long last = size - 1;
        Hash hash = leafHash;
        for (Hash sibling : path) {
            if (last == 0) {
                return false;
            }
            if (joinsOnTheLeft(node, last)) {
                hash = MerkleHash.node(sibling, hash);
                int alone = levelsWithoutSibling(node);
                node >>= alone;
                last >>= alone;
            } else {
                hash = MerkleHash.node(hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && hash.equals(root);
    }

    /** Whether the tree with the second root begins with all leaves of that with the first. */
    public static boolean verifyConsistency(long first, long second, Hash firstRoot, Hash secondRoot, List<Hash> path) {
        if (first < 0 || first > second) {
            return false;
        }
        if (first == second) {
            return path.isEmpty() && firstRoot.equals(secondRoot);
        }
        if (first == 0) {
            return path.isEmpty() && firstRoot.equals(MerkleHash.EMPTY);
        }
        boolean firstIsOneSubtree = Long.bitCount(first) == 1;
        if (path.isEmpty() && !firstIsOneSubtree) {
            return false;
        }
        int level = Long.numberOfTrailingZeros(first);
        long node = (first - 1) >> level;
        long last = (second - 1) >> level;
        Hash start = firstIsOneSubtree ? firstRoot : path.getFirst();
        Hash inFirst = start;
        Hash inSecond = start;
        for (Hash sibling : firstIsOneSubtree ? path : path.subList(1, path.size())) {
            if (last == 0) {
                return false;
            }
            if (joinsOnTheLeft(node, last)) {
                inFirst = MerkleHash.node(sibling, inFirst);
                inSecond = MerkleHash.node(sibling, inSecond);
                int alone = levelsWithoutSibling(node);
                node >>= alone;
                last >>= alone;
            } else {
                inSecond = MerkleHash.node(inSecond, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && inFirst.equals(firstRoot) && inSecond.equals(secondRoot);
    }

    private static boolean joinsOnTheLeft(long node, long last) {
        return (node & 1) == 1 || node == last;
    }

    /** A node that ends its level goes up alone as long as it is a left child. */
    private static int levelsWithoutSibling(long node) {
        return Long.numberOfTrailingZeros(node);
    }
}
