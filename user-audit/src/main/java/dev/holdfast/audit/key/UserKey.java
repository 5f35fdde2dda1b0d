package dev.holdfast.audit.key;

import dev.holdfast.audit.proof.Ciphertext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Encrypts what belongs to one user.
 *
 * <p>The nonce is made of the content (as in SIV, RFC 5297), so the same content in the same place is the same ciphertext: an
 * event that is sent again is recognised by its bytes, and one that was packed can be made again, byte by byte, for its proof.
 * Who sees two ciphertexts of one version learns whether they are the same, and nothing else.
 */
public final class UserKey {
    private static final String HMAC = "HmacSHA256";

    private final UUID user;
    private final SecretKey encryption;
    private final SecretKey nonces;

    UserKey(UUID user, byte[] key) {
        this.user = user;
        this.encryption = derive(key, "encryption", "AES");
        this.nonces = derive(key, "nonces", HMAC);
    }

    /** RFC 5869. */
    private static SecretKey derive(byte[] key, String purpose, String algorithm) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            algorithm,
                            HKDFParameterSpec.ofExtract()
                                    .addIKM(key)
                                    .thenExpand(purpose.getBytes(StandardCharsets.US_ASCII), 32));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Java 25 has HKDF", impossible);
        }
    }

    /** @param version place in the user's history; only there can it be decrypted */
    public Ciphertext encrypt(long version, UUID event, byte[] plain) {
        byte[] nonce = Arrays.copyOf(mac(version, event, plain), Aes.NONCE_BYTES);
        return Ciphertext.of(Aes.encrypt(encryption, nonce, plain, place(version)));
    }

    /** @throws WrongKeyException when it is not what was encrypted there */
    public byte[] decrypt(long version, Ciphertext sealed) {
        return Aes.decrypt(encryption, sealed.bytes(), place(version));
    }

    private byte[] mac(long version, UUID event, byte[] plain) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(nonces);
            mac.update(place(version));
            mac.update(KeyRing.bytes(event));
            return mac.doFinal(plain);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has HMAC-SHA256", impossible);
        }
    }

    private byte[] place(long version) {
        return ByteBuffer.allocate(24).put(KeyRing.bytes(user)).putLong(version).array();
    }
}
