package dev.holdfast.audit.key;

import dev.holdfast.audit.AuditConfig;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** The configuration's keys: they wrap those of users. */
public final class KeyRing {
    private static final int KEY_BYTES = 32;

    private final String current;
    private final SecretKey currentKey;
    private final Map<String, SecretKey> wrapping;
    private final SecureRandom random;

    KeyRing(String current, Map<String, SecretKey> wrapping, SecureRandom random) {
        SecretKey found = wrapping.get(current);
        if (found == null) {
            throw new IllegalArgumentException(
                    "audit.keys.current is '%s', but there is no audit.keys.wrapping.%s".formatted(current, current));
        }
        this.current = current;
        this.currentKey = found;
        this.wrapping = Map.copyOf(wrapping);
        this.random = random;
    }

    /** @throws IllegalArgumentException that names the property to mend */
    public static KeyRing of(AuditConfig.Keys config) {
        return new KeyRing(
                config.current(),
                config.wrapping().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, one -> key("audit.keys.wrapping." + one.getKey(), one.getValue()))),
                new SecureRandom());
    }

    static SecretKey key(String property, String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            if (bytes.length == KEY_BYTES) {
                return new SecretKeySpec(bytes, "AES");
            }
        } catch (IllegalArgumentException notBase64) {
            // said below
        }
        throw new IllegalArgumentException("%s must be %d bytes in base64, as of: openssl rand -base64 %d"
                .formatted(property, KEY_BYTES, KEY_BYTES));
    }

    /** Name of the key that wraps new ones. */
    String current() {
        return current;
    }

    /** A new key for a user. */
    public WrappedKey create(UUID user) {
        var bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        return wrap(user, bytes);
    }

    private WrappedKey wrap(UUID user, byte[] key) {
        var nonce = new byte[Aes.NONCE_BYTES];
        random.nextBytes(nonce);
        return new WrappedKey(current, Aes.encrypt(currentKey, nonce, key, bytes(user)));
    }

    /**
     * Ready for use.
     *
     * @throws IllegalStateException when the configuration does not have the key that wraps it
     */
    public UserKey unwrap(UUID user, WrappedKey wrapped) {
        return new UserKey(user, unwrapped(user, wrapped));
    }

    /** The same key, wrapped by the current one. */
    public WrappedKey rewrap(UUID user, WrappedKey wrapped) {
        return wrap(user, unwrapped(user, wrapped));
    }

    private byte[] unwrapped(UUID user, WrappedKey wrapped) {
        SecretKey key = wrapping.get(wrapped.wrappedBy());
        if (key == null) {
            throw new IllegalStateException("A user's key is wrapped by '%s', but there is no audit.keys.wrapping.%s"
                    .formatted(wrapped.wrappedBy(), wrapped.wrappedBy()));
        }
        return Aes.decrypt(key, wrapped.bytes(), bytes(user));
    }

    static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }
}
