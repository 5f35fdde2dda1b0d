package dev.holdfast.local.demo;

import java.nio.charset.StandardCharsets;

/**
 * A message of the feed, as it is sent.
 *
 * @param version the vendor's own; 0 when the message is broken
 */
public record FeedRecord(String key, long version, String value) {
    public byte[] bytes() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    public boolean isBroken() {
        return version == 0;
    }
}
