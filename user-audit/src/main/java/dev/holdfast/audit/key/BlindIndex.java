package dev.holdfast.audit.key;

import dev.holdfast.audit.AuditConfig;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/** Finds an address without having it: a hash under a key that the database does not know. */
public final class BlindIndex {
    private static final int BYTES = 16;

    private final SecretKey key;

    private BlindIndex(SecretKey key) {
        this.key = key;
    }

    public static BlindIndex of(AuditConfig.Keys config) {
        return new BlindIndex(KeyRing.key("audit.keys.lookup", config.lookup()));
    }

    /** The same for the same text. */
    public byte[] of(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return Arrays.copyOf(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)), BYTES);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has HMAC-SHA256", impossible);
        }
    }
}
