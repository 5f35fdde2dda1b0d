package dev.holdfast.media.blob;

import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobRef;

/** Bytes that are stored, and where. */
public record Blob(BlobRef ref, Content content, Backend backend) {}
