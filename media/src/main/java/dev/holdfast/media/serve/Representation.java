package dev.holdfast.media.serve;

/**
 * Something that can be sent, whole or in parts.
 *
 * @param tag strong and in quotes, as {@code ETag} has it: other bytes have another one
 * @param size in bytes
 * @param cacheControl how long others may keep it
 */
public record Representation(String tag, String mediaType, long size, String cacheControl, Bytes bytes) {}
