package dev.holdfast.audit.proof;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/**
 * Ed25519 (<a href="https://www.rfc-editor.org/rfc/rfc8032">RFC 8032</a>) with what the JDK has, and with the little
 * that it lacks.
 */
public final class Ed25519 {
    private static final String NAME = "Ed25519";
    private static final int RAW_LENGTH = 32;
    private static final int X509_LENGTH = 44;
    private static final String PEM_LINE = "-----[A-Z ]+-----";

    private Ed25519() {}

    /**
     * @param text PKCS#8 in PEM or base64, as by {@code openssl genpkey -algorithm ed25519}
     * @throws IllegalArgumentException for anything else; says nothing of the text, which is a secret
     */
    public static PrivateKey privateKey(String text) {
        try {
            return factory().generatePrivate(new PKCS8EncodedKeySpec(decoded(text)));
        } catch (InvalidKeySpecException | IllegalArgumentException other) {
            throw new IllegalArgumentException("This is not an Ed25519 private key: PKCS#8 in PEM or base64 is");
        }
    }

    /**
     * @param text X.509 in PEM or base64, as by {@code openssl pkey -pubout}
     * @throws IllegalArgumentException for anything else
     */
    public static PublicKey publicKey(String text) {
        try {
            return factory().generatePublic(new X509EncodedKeySpec(decoded(text)));
        } catch (InvalidKeySpecException | IllegalArgumentException other) {
            throw new IllegalArgumentException("This is not an Ed25519 public key: X.509 in PEM or base64 is", other);
        }
    }

    /**
     * The JDK cannot tell the public key of a private one. Its generator can: it makes both of 32 random bytes, which
     * are all that a private key is, so it is given those. Whoever uses the result verifies a signature first, as
     * {@link CheckpointSigner} does.
     *
     * @throws IllegalArgumentException for a key that does not show its bytes, or is not of Ed25519
     */
    static PublicKey publicKeyOf(PrivateKey key) {
        if (!(key instanceof EdECPrivateKey edwards)
                || !edwards.getParams().getName().equals(NAME)) {
            throw new IllegalArgumentException("A key of %s is not one of Ed25519".formatted(key.getAlgorithm()));
        }
        byte[] seed = edwards.getBytes()
                .orElseThrow(() -> new IllegalArgumentException("The private key does not show its bytes"));
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(NAME);
            generator.initialize(Byte.SIZE * RAW_LENGTH - 1, new SecureRandom() {
                @Override
                public void nextBytes(byte[] bytes) {
                    System.arraycopy(seed, 0, bytes, 0, bytes.length);
                }
            });
            return generator.generateKeyPair().getPublic();
        } catch (GeneralSecurityException impossible) {
            throw missing(impossible);
        }
    }

    /** The 32 bytes that RFC 8032 encodes it in: the end of its X.509 form (RFC 8410), where all else is constant. */
    static byte[] raw(PublicKey key) {
        byte[] x509 = key.getEncoded();
        if (x509.length != X509_LENGTH) {
            throw new IllegalArgumentException("A key of %s is not one of Ed25519".formatted(key.getAlgorithm()));
        }
        return Arrays.copyOfRange(x509, X509_LENGTH - RAW_LENGTH, X509_LENGTH);
    }

    static byte[] sign(PrivateKey key, byte[] message) {
        try {
            Signature signature = Signature.getInstance(NAME);
            signature.initSign(key);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException impossible) {
            throw missing(impossible);
        }
    }

    static boolean verifies(PublicKey key, byte[] message, byte[] signed) {
        try {
            Signature signature = Signature.getInstance(NAME);
            signature.initVerify(key);
            signature.update(message);
            return signature.verify(signed);
        } catch (SignatureException notEvenOne) {
            return false;
        } catch (GeneralSecurityException impossible) {
            throw missing(impossible);
        }
    }

    private static byte[] decoded(String text) {
        return Base64.getDecoder().decode(text.replaceAll(PEM_LINE, "").replaceAll("\\s", ""));
    }

    private static KeyFactory factory() {
        try {
            return KeyFactory.getInstance(NAME);
        } catch (GeneralSecurityException impossible) {
            throw missing(impossible);
        }
    }

    private static IllegalStateException missing(GeneralSecurityException cause) {
        return new IllegalStateException("Java has Ed25519 since version 15", cause);
    }
}
