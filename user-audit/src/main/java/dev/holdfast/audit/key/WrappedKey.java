package dev.holdfast.audit.key;

import java.util.HexFormat;

/** A user's key as the database has it. */
public final class WrappedKey {
    private final String wrappedBy;
    private final byte[] bytes;

    /** @param wrappedBy name of the configuration's key */
    public WrappedKey(String wrappedBy, byte[] bytes) {
        this.wrappedBy = wrappedBy;
        this.bytes = bytes.clone();
    }

    public String wrappedBy() {
        return wrappedBy;
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public String toString() {
        return "WrappedKey[%s, %s…]".formatted(wrappedBy, HexFormat.of().formatHex(bytes, 0, 4));
    }
}
