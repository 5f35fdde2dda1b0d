package dev.holdfast.audit.proof;

import java.util.OptionalLong;

/** A bundle that does not hold; the message names the first place where, and says what is wrong. */
public final class BundleException extends RuntimeException {
    private static final long NO_LEAF = -1;

    private final long leaf;

    private BundleException(String message, long leaf) {
        super(message);
        this.leaf = leaf;
    }

    static BundleException of(String message) {
        return new BundleException(message, NO_LEAF);
    }

    static BundleException ofLeaf(long leaf, String message) {
        return new BundleException(message, leaf);
    }

    /** The first one that is wrong; none when each is right in itself, and what is wrong is said of all of them. */
    public OptionalLong leaf() {
        return leaf == NO_LEAF ? OptionalLong.empty() : OptionalLong.of(leaf);
    }
}
