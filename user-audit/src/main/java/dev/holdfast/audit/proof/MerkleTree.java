package dev.holdfast.audit.proof;

import java.util.ArrayList;
import java.util.List;

/**
 * A growing tree, of which only the right edge is in memory: the roots of the full subtrees that make it up, one for
 * each bit of its size. So a tree of any size takes at most 63 hashes, and a leaf two steps on average (the "compact
 * range" of
 * <a href="https://github.com/transparency-dev/merkle/blob/main/docs/compact_ranges.md">transparency-dev</a>).
 *
 * <p>To go on with a stored one, read its {@link #tiles}, then {@link #of make it of them}. Not for concurrent use.
 */
public final class MerkleTree {
    /** The largest first. */
    private final List<Hash> edge;

    private long size;

    private MerkleTree(List<Hash> edge, long size) {
        this.edge = edge;
        this.size = size;
    }

    public static MerkleTree empty() {
        return new MerkleTree(new ArrayList<>(), 0);
    }

    /** The stored hashes that {@link #of} needs: of each stored level the last tile, when it is not full. */
    public static List<Tile> tiles(long size) {
        return Span.tiles(List.of(new Span(0, size)), size);
    }

    /** @param nodes at least those of {@link #tiles} */
    public static MerkleTree of(long size, Nodes nodes) {
        var edge = new ArrayList<Hash>();
        new Span(0, size).subtrees().forEach(subtree -> edge.add(subtree.hash(nodes)));
        return new MerkleTree(edge, size);
    }

    /**
     * Returns the hashes of full subtrees to be stored besides the leaves' own, which are known already; most often
     * there is none.
     *
     * @param leaves hashes by {@link MerkleHash#leaf}
     */
    public List<Node> append(List<Hash> leaves) {
        var completed = new ArrayList<Node>();
        leaves.forEach(leaf -> append(leaf, completed));
        return completed;
    }

    /** As a binary counter is incremented: each trailing one carries, and each carry joins two subtrees of one size. */
    private void append(Hash leaf, List<Node> completed) {
        int carries = Long.numberOfTrailingZeros(~size);
        Hash hash = leaf;
        for (int level = 1; level <= carries; level++) {
            hash = MerkleHash.node(edge.removeLast(), hash);
            if (level % Tile.HEIGHT == 0) {
                completed.add(new Node(level, size >> level, hash));
            }
        }
        edge.addLast(hash);
        size++;
    }

    /** In leaves. */
    public long size() {
        return size;
    }

    public Hash root() {
        return MerkleHash.join(edge);
    }
}
