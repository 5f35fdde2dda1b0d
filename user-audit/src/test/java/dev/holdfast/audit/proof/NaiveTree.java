package dev.holdfast.audit.proof;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;

/**
 * Section 2.1 of RFC 6962 as it is written there, recursive and over all leaves; what the other one is compared with.
 * Remembers what it has hashed.
 */
final class NaiveTree {
    private final List<Hash> leaves;
    private final Map<Span, Hash> known = new ConcurrentHashMap<>();

    NaiveTree(List<Hash> leaves) {
        this.leaves = leaves;
    }

    static NaiveTree ofSize(long size) {
        return new NaiveTree(LongStream.range(0, size)
                .mapToObj(leaf -> MerkleHash.leaf(Long.toString(leaf).getBytes(StandardCharsets.US_ASCII)))
                .toList());
    }

    List<Hash> leaves() {
        return leaves;
    }

    Hash leaf(long number) {
        return leaves.get(Math.toIntExact(number));
    }

    /** MTH(D[0:size]). */
    Hash root(long size) {
        return hash(0, size);
    }

    private Hash hash(long from, long to) {
        if (from == to) {
            return MerkleHash.EMPTY;
        }
        if (to - from == 1) {
            return leaf(from);
        }
        Hash remembered = known.get(new Span(from, to));
        if (remembered != null) {
            return remembered;
        }
        long middle = from + split(to - from);
        Hash hash = MerkleHash.node(hash(from, middle), hash(middle, to));
        known.put(new Span(from, to), hash);
        return hash;
    }

    /** "Let k be the largest power of two smaller than n". */
    private static long split(long n) {
        long k = 1;
        while (k * 2 < n) {
            k *= 2;
        }
        return k;
    }

    List<Hash> inclusion(long leaf, long size) {
        var path = new ArrayList<Hash>();
        inclusion(leaf, 0, size, path);
        return path;
    }

    /** PATH(m, D[n]). */
    private void inclusion(long m, long from, long to, List<Hash> path) {
        long n = to - from;
        if (n == 1) {
            return;
        }
        long k = split(n);
        if (m < k) {
            inclusion(m, from, from + k, path);
            path.add(hash(from + k, to));
        } else {
            inclusion(m - k, from + k, to, path);
            path.add(hash(from, from + k));
        }
    }

    List<Hash> consistency(long first, long second) {
        var path = new ArrayList<Hash>();
        consistency(first, 0, second, true, path);
        return path;
    }

    /** SUBPROOF(m, D[n], b). */
    private void consistency(long m, long from, long to, boolean complete, List<Hash> path) {
        long n = to - from;
        if (m == n) {
            if (!complete) {
                path.add(hash(from, to));
            }
            return;
        }
        long k = split(n);
        if (m <= k) {
            consistency(m, from, from + k, complete, path);
            path.add(hash(from + k, to));
        } else {
            consistency(m - k, from + k, to, false, path);
            path.add(hash(from, from + k));
        }
    }

    /** What a table would give for these tiles, and nothing else. */
    Nodes read(List<Tile> tiles) {
        return (level, index) -> {
            if (tiles.stream()
                    .noneMatch(tile ->
                            tile.level() == level && tile.first() <= index && index < tile.first() + tile.count())) {
                throw new IllegalStateException("Node %d of level %d was not asked for".formatted(index, level));
            }
            return hash(index << level, (index + 1) << level);
        };
    }
}
