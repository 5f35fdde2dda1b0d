package dev.holdfast.audit.proof;

import java.util.ArrayList;
import java.util.List;

/**
 * A path of <a href="https://www.rfc-editor.org/rfc/rfc6962#section-2.1.1">RFC 6962, sections 2.1.1 and 2.1.2</a>, from
 * a stored tree. In two steps, so that reading may be asynchronous: say which {@link #tiles} to read, then compute the
 * {@link #hashes}.
 */
public final class MerklePath {
    private final long size;
    private final List<Span> spans;

    private MerklePath(long size, List<Span> spans) {
        this.size = size;
        this.spans = spans;
    }

    /**
     * Proves that a leaf is in the tree as it was at that size.
     *
     * @param leaf its number, from 0
     * @throws IllegalArgumentException unless {@code 0 <= leaf < size}
     */
    public static MerklePath inclusion(long leaf, long size) {
        if (leaf < 0 || leaf >= size) {
            throw new IllegalArgumentException("A tree of %d leaves has no leaf %d".formatted(size, leaf));
        }
        var fromTheRoot = new ArrayList<Span>();
        Span rest = new Span(0, size);
        while (rest.length() > 1) {
            boolean onTheLeft = leaf < rest.middle();
            fromTheRoot.add(onTheLeft ? rest.right() : rest.left());
            rest = onTheLeft ? rest.left() : rest.right();
        }
        return new MerklePath(size, fromTheRoot.reversed());
    }

    /**
     * Proves that the tree at its second size begins with all that it was at its first. Empty for one size with itself,
     * and from the size 0, with which everything begins.
     *
     * @throws IllegalArgumentException unless {@code 0 <= first <= second}
     */
    public static MerklePath consistency(long first, long second) {
        if (first < 0 || first > second) {
            throw new IllegalArgumentException(
                    "A tree of %d leaves does not grow from one of %d".formatted(second, first));
        }
        if (first == 0) {
            return new MerklePath(second, List.of());
        }
        var fromTheRoot = new ArrayList<Span>();
        Span rest = new Span(0, second);
        while (rest.to() != first) {
            boolean onTheLeft = first <= rest.middle();
            fromTheRoot.add(onTheLeft ? rest.right() : rest.left());
            rest = onTheLeft ? rest.left() : rest.right();
        }
        // one that begins the tree is all of the first one, whose root the reader has
        if (rest.from() > 0) {
            fromTheRoot.add(rest);
        }
        return new MerklePath(second, fromTheRoot.reversed());
    }

    /** The stored hashes that {@link #hashes} needs: at most two tiles of each stored level. */
    public List<Tile> tiles() {
        return Span.tiles(spans, size);
    }

    /**
     * From the leaf's sibling up to the root's child.
     *
     * @param nodes at least those of {@link #tiles}
     */
    public List<Hash> hashes(Nodes nodes) {
        return spans.stream().map(span -> span.hash(nodes)).toList();
    }
}
