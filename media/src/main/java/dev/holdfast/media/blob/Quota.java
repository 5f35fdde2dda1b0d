package dev.holdfast.media.blob;

/**
 * What the references of one owner may hold. The same image in two roles counts twice.
 *
 * @param bytes of all the images together
 * @param images how many references
 */
public record Quota(long bytes, long images) {}
