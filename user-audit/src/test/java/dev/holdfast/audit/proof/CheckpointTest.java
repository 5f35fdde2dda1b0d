package dev.holdfast.audit.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    private static final String LOG = "audit.example.com/users";
    private static final Checkpoint CHECKPOINT = new Checkpoint(LOG, 8, KnownTree.root(8));
    private static final String TEXT = LOG + "\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n";

    /** The key and the note of Go's golang.org/x/mod/sumdb/note, from which the format comes. */
    private static final String GO_NAME = "PeterNeumann";

    private static final String GO_SEED = "gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM=";

    private static final String GO_TEXT = """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.
            """;

    private static final String GO_NOTE = GO_TEXT
            + "\n\u2014 PeterNeumann "
            + "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    private final CheckpointSigner signer = new CheckpointSigner(LOG, newKey());
    private final CheckpointVerifier verifier = new CheckpointVerifier(List.of(signer.key()));

    private static PrivateKey newKey() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return pair.getPrivate();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static PrivateKey goKey() {
        byte[] seed = Base64.getDecoder().decode(GO_SEED);
        return Ed25519.privateKey(Base64.getEncoder()
                .encodeToString(HexFormat.of()
                        .parseHex("302e020100300506032b657004220420"
                                + HexFormat.of().formatHex(seed))));
    }

    @Test
    void signsAsTheReferenceImplementationDoes() {
        // Given
        var go = new CheckpointSigner(GO_NAME, goKey());

        // When
        String note = go.sign(GO_TEXT);

        // Then
        assertThat(go.key()).hasToString("PeterNeumann+c74f20a3");
        assertThat(note).isEqualTo(GO_NOTE);
        assertThat(new CheckpointVerifier(List.of(go.key())).verifiedText(note)).isEqualTo(GO_TEXT);
    }

    @Test
    void isThreeLinesOfText() {
        assertThat(CHECKPOINT.text()).isEqualTo(TEXT);
        assertThat(Checkpoint.parse(TEXT)).isEqualTo(CHECKPOINT);
    }

    @Test
    void comesBackFromItsSignedNote() {
        // When
        String note = signer.sign(CHECKPOINT);

        // Then
        assertThat(note).startsWith(TEXT + "\n\u2014 " + LOG + " ").endsWith("\n");
        assertThat(verifier.verify(note)).isEqualTo(CHECKPOINT);
    }

    @Test
    void isVerifiedWithEitherKeyWhileOneReplacesTheOther() {
        // Given
        var next = new CheckpointSigner(LOG, newKey());
        var both = new CheckpointVerifier(List.of(signer.key(), next.key()));

        // When / Then
        assertThat(both.verify(signer.sign(CHECKPOINT))).isEqualTo(CHECKPOINT);
        assertThat(both.verify(next.sign(CHECKPOINT))).isEqualTo(CHECKPOINT);
    }

    @Test
    void ignoresSignaturesOfUnknownKeysBesideAKnownOne() {
        // Given
        String witness = new CheckpointSigner("witness.example.com", newKey()).sign(CHECKPOINT);
        String note = signer.sign(CHECKPOINT) + witness.substring(witness.indexOf('\u2014'));

        // When / Then
        assertThat(verifier.verify(note)).isEqualTo(CHECKPOINT);
    }

    @Test
    void isRefusedWithoutASignatureOfAKnownKey() {
        // Given the same name, and another key
        var stranger = new CheckpointSigner(LOG, newKey());

        // When / Then
        assertThatThrownBy(() -> verifier.verify(stranger.sign(CHECKPOINT)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("unknown key")
                .hasMessageContaining(stranger.key().toString())
                .hasMessageContaining(signer.key().toString());
    }

    @Test
    void isRefusedWhenItsTextIsNotWhatWasSigned() {
        // Given
        String note = signer.sign(CHECKPOINT);

        // When / Then
        assertThatThrownBy(() -> verifier.verify(note.replace("\n8\n", "\n9\n")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("bad signature");
    }

    @Test
    void isRefusedWhenAnyBitOfItsSignatureIsFlipped() {
        // Given
        String note = signer.sign(CHECKPOINT);
        int start = note.lastIndexOf(' ') + 1;
        byte[] signature = Base64.getDecoder().decode(note.substring(start, note.length() - 1));

        for (int bit = 0; bit < signature.length * Byte.SIZE; bit++) {
            // When
            byte[] flipped = signature.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            String tampered = note.substring(0, start) + Base64.getEncoder().encodeToString(flipped) + "\n";

            // Then
            assertThatThrownBy(() -> verifier.verify(tampered)).isInstanceOf(CheckpointException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                TEXT,
                TEXT + "\n",
                TEXT + "\n\u2014 log AAAAAAAA",
                TEXT + "\n- log AAAAAAAA\n",
                TEXT + "\n\u2014 log AAAA\n",
                TEXT + "\n\u2014 log ????????\n",
                TEXT + "\n\u2014 log AAAAAAAA\nmore\n",
                TEXT + "\n\u2014 log AAAAAAAA\n\n",
                "\t" + TEXT + "\n\u2014 log AAAAAAAA\n"
            })
    void isRefusedWhenItIsNoSignedNote(String note) {
        assertThatThrownBy(() -> verifier.verify(note))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("malformed");
    }

    @Test
    void isRefusedWhenItIsLongerThanAnyNoteIs() {
        // Given
        String note = "x".repeat(100_000) + signer.sign(CHECKPOINT);

        // When / Then
        assertThatThrownBy(() -> verifier.verify(note))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("100000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "log\n8\n",
                "log\n08\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n",
                "log\n+8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n",
                "log\n-8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n",
                "log\n9223372036854775808\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n",
                "log\neight\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n",
                "log\n8\nXcna\n",
                "log\n8\n\n",
                "\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n",
                "log\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\nextension\n"
            })
    void isRefusedWhenItIsNoCheckpointThoughItIsSigned(String text) {
        assertThatThrownBy(() -> verifier.verify(signer.sign(text)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with space", "with+plus", "with\u00a0space", "with\nline"})
    void hasNoSignerWhoseNameDoesNotFitInANote(String name) {
        assertThatThrownBy(() -> new CheckpointSigner(name, newKey())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void cannotBeVerifiedWithoutAKey() {
        assertThatThrownBy(() -> new CheckpointVerifier(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
