package dev.holdfast.media.blob;

/**
 * What an owner's references hold, of what they may.
 *
 * @param bytes used
 * @param images used
 */
public record QuotaUse(long bytes, long images, Quota quota) {
    /** @param size of one image more, in bytes */
    boolean hasRoomFor(long size) {
        return images < quota.images() && bytes <= quota.bytes() - size;
    }
}
