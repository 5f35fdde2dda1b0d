package dev.holdfast.audit.proof;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The leaves {@code from}, included, to {@code to}, not included, of a subtree that RFC 6962 splits a tree into: full,
 * or at the right edge and then of any length.
 */
record Span(long from, long to) {
    long length() {
        return to - from;
    }

    Span left() {
        return new Span(from, middle());
    }

    Span right() {
        return new Span(middle(), to);
    }

    /** The left part has the largest power of two that is smaller than the whole. */
    long middle() {
        return from + Long.highestOneBit(length() - 1);
    }

    List<Subtree> subtrees() {
        var subtrees = new ArrayList<Subtree>();
        long first = from;
        while (first < to) {
            int level = Long.SIZE - 1 - Long.numberOfLeadingZeros(to - first);
            subtrees.add(new Subtree(level, first >> level));
            first += 1L << level;
        }
        return subtrees;
    }

    Hash hash(Nodes nodes) {
        return MerkleHash.join(
                subtrees().stream().map(subtree -> subtree.hash(nodes)).toList());
    }

    static List<Tile> tiles(Collection<Span> spans, long size) {
        return spans.stream()
                .flatMap(span -> span.subtrees().stream())
                .map(subtree -> subtree.tile(size))
                .distinct()
                .toList();
    }
}
