package dev.holdfast.media.blob;

/**
 * What some bytes show.
 *
 * @param mediaType found in the bytes, whatever anybody called it
 * @param width as shown, in pixels
 * @param height likewise
 */
public record Content(String mediaType, int width, int height) {}
