package dev.holdfast.audit.proof;

import java.util.List;

/**
 * The hashes of <a href="https://www.rfc-editor.org/rfc/rfc6962#section-2.1">RFC 6962, section 2.1</a>. A leaf and an
 * inner node begin with different bytes, so neither can be passed off as the other.
 */
public final class MerkleHash {
    /** The root of a tree without leaves. */
    static final Hash EMPTY = Hash.sha256();

    private static final byte[] LEAF = {0};
    private static final byte[] NODE = {1};

    private MerkleHash() {}

    public static Hash leaf(Hash event) {
        return leaf(event.bytes());
    }

    static Hash leaf(byte[] entry) {
        return Hash.sha256(LEAF, entry);
    }

    static Hash node(Hash left, Hash right) {
        return Hash.sha256(NODE, left.bytes(), right.bytes());
    }

    /** Of full subtrees side by side, each larger than the next: every tree is such a row. */
    static Hash join(List<Hash> subtrees) {
        return subtrees.reversed().stream()
                .reduce((right, left) -> node(left, right))
                .orElse(EMPTY);
    }
}
