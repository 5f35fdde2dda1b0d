package dev.holdfast.media.variant;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs sizes (HMAC-SHA-256, RFC 2104), so that nobody fills the cache with sizes that no page uses. The first key signs; what any of
 * them has signed is accepted. So a new key is put first, and the old one taken away when no page has its signatures any more.
 */
final class Signatures {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final List<SecretKey> keys;

    private Signatures(List<SecretKey> keys) {
        this.keys = keys;
    }

    /**
     * @param base64 keys of 32 bytes; without one nothing is signed, and nothing accepted
     * @throws IllegalArgumentException that names the property to mend
     */
    static Signatures by(List<String> base64) {
        var keys = new ArrayList<SecretKey>();
        for (String key : base64) {
            keys.add(key("media.variant.signing-keys[%d]".formatted(keys.size()), key));
        }
        return new Signatures(List.copyOf(keys));
    }

    private static SecretKey key(String property, String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            if (bytes.length == KEY_BYTES) {
                return new SecretKeySpec(bytes, ALGORITHM);
            }
        } catch (IllegalArgumentException notBase64) {
            // said below
        }
        throw new IllegalArgumentException("%s must be %d bytes in base64, as of: openssl rand -base64 %d"
                .formatted(property, KEY_BYTES, KEY_BYTES));
    }

    /** Empty without a key. For a URL as it is. */
    Optional<String> sign(CustomSize size) {
        return keys.stream().findFirst().map(key -> signature(key, size));
    }

    boolean accept(CustomSize size, @Nullable String signature) {
        if (signature == null) {
            return false;
        }
        byte[] given = signature.getBytes(StandardCharsets.UTF_8);
        boolean accepted = false;
        for (SecretKey key : keys) {
            // takes the same time wherever they differ
            accepted |= MessageDigest.isEqual(signature(key, size).getBytes(StandardCharsets.US_ASCII), given);
        }
        return accepted;
    }

    private static String signature(SecretKey key, CustomSize size) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(size.canonical().getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has HMAC-SHA256", impossible);
        }
    }
}
