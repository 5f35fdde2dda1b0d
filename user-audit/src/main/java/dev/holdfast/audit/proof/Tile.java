package dev.holdfast.audit.proof;

/**
 * A range of stored hashes that are read together. Of the nodes of a tree only each eighth level is stored; those
 * between are computed from at most 128 below them. That is one hash more for each 255 leaves, and none is ever changed
 * (the idea of <a href="https://research.swtch.com/tlog#tiling_a_log">tiled logs</a>).
 *
 * @param level 0 for the hashes of leaves; 8, 16 and so on for those of full subtrees with 2<sup>level</sup> leaves
 * @param first index within the level
 * @param count 1 to {@value #WIDTH}
 */
public record Tile(int level, long first, int count) {
    static final int HEIGHT = 8;
    static final int WIDTH = 1 << HEIGHT;
}
