package dev.holdfast.audit.proof;

/**
 * What has been verified.
 *
 * @param gone leaves without their content, whose hashes are in the tree but could not be recomputed
 * @param checkpoints with a signature and a root that hold
 * @param root of the last one, which covers all leaves
 */
public record VerifiedBundle(String origin, long leaves, long users, long gone, long checkpoints, Hash root) {}
