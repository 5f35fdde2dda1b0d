package dev.holdfast.audit.proof;

/**
 * A stored hash.
 *
 * @param level 0 for a leaf; 8, 16 and so on for the root of a full subtree with 2<sup>level</sup> leaves
 * @param index within the level, from 0
 */
public record Node(int level, long index, Hash hash) {}
