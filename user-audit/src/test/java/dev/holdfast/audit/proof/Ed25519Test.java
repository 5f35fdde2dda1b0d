package dev.holdfast.audit.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ed25519Test {
    /** By {@code openssl genpkey -algorithm ed25519} and {@code openssl pkey -pubout}. */
    private static final String PRIVATE_PEM = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIMvWE+RcknGEc187ocNDRuL5eWAIAfMP0BbSF8Aq3/wE
            -----END PRIVATE KEY-----
            """;

    private static final String PUBLIC_PEM = """
            -----BEGIN PUBLIC KEY-----
            MCowBQYDK2VwAyEAsg8+pVpyLGiuafuDRc+i1cr8c6RERvDqrL86UnXU/D8=
            -----END PUBLIC KEY-----
            """;

    private static final String PKCS8_PREFIX = "302e020100300506032b657004220420";

    @Test
    void readsKeysOfOpenssl() {
        // Given
        PrivateKey privateKey = Ed25519.privateKey(PRIVATE_PEM);
        PublicKey publicKey = Ed25519.publicKey(PUBLIC_PEM);
        byte[] message = "message".getBytes(StandardCharsets.US_ASCII);

        // When
        byte[] signature = Ed25519.sign(privateKey, message);

        // Then
        assertThat(Ed25519.verifies(publicKey, message, signature)).isTrue();
        assertThat(Ed25519.publicKeyOf(privateKey)).isEqualTo(publicKey);
    }

    @Test
    void readsBase64WithoutTheLinesOfPem() throws Exception {
        // Given
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();

        // When
        PublicKey publicKey = Ed25519.publicKey(
                Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()));
        PrivateKey privateKey = Ed25519.privateKey(
                Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()));

        // Then
        assertThat(publicKey).isEqualTo(pair.getPublic());
        assertThat(privateKey).isEqualTo(pair.getPrivate());
        assertThat(Ed25519.publicKeyOf(privateKey)).isEqualTo(publicKey);
    }

    /** RFC 8032, section 7.1, tests 1 to 3. */
    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
                + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
    })
    void tellsThePublicKeyOfAPrivateOne(String seed, String expected) {
        // Given
        PrivateKey privateKey = Ed25519.privateKey(
                Base64.getEncoder().encodeToString(HexFormat.of().parseHex(PKCS8_PREFIX + seed)));

        // When
        PublicKey publicKey = Ed25519.publicKeyOf(privateKey);

        // Then
        assertThat(HexFormat.of().formatHex(Ed25519.raw(publicKey))).isEqualTo(expected);
    }

    @Test
    void refusesOtherKeysAndNeverRepeatsAPrivateOne() throws Exception {
        // Given
        KeyPair other = KeyPairGenerator.getInstance("Ed448").generateKeyPair();
        String otherPublic =
                Base64.getEncoder().encodeToString(other.getPublic().getEncoded());

        // When / Then
        assertThatThrownBy(() -> Ed25519.publicKey(otherPublic)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Ed25519.publicKey(PRIVATE_PEM)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Ed25519.publicKey("?")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Ed25519.publicKeyOf(other.getPrivate()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(
                        Base64.getEncoder().encodeToString(other.getPrivate().getEncoded()));
        assertThatThrownBy(() -> Ed25519.privateKey("secret?"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret")
                .hasNoCause();
        assertThatThrownBy(() -> new NoteKey("log", other.getPublic())).isInstanceOf(IllegalArgumentException.class);
    }
}
