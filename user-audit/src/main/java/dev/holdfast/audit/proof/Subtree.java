package dev.holdfast.audit.proof;

/**
 * A full subtree: the 2<sup>level</sup> leaves from {@code index << level} on.
 *
 * @param index within the level
 */
record Subtree(int level, long index) {
    /** Where the hashes are from which this one is computed, in a tree of that size. */
    Tile tile(long size) {
        long first = (index << (level - storedLevel())) & -Tile.WIDTH;
        long count = Math.min(Tile.WIDTH, (size >> storedLevel()) - first);
        return new Tile(storedLevel(), first, Math.toIntExact(count));
    }

    Hash hash(Nodes nodes) {
        if (level == storedLevel()) {
            return nodes.at(level, index);
        }
        return MerkleHash.node(
                new Subtree(level - 1, 2 * index).hash(nodes), new Subtree(level - 1, 2 * index + 1).hash(nodes));
    }

    private int storedLevel() {
        return level - level % Tile.HEIGHT;
    }
}
