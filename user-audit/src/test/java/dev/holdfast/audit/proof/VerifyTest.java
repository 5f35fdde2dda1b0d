package dev.holdfast.audit.proof;

import static dev.holdfast.audit.proof.SampleLog.ADA;
import static dev.holdfast.audit.proof.SampleLog.ORIGIN;
import static dev.holdfast.audit.proof.SampleLog.SIGNER;
import static dev.holdfast.audit.proof.SampleLog.line;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest {
    private static final String KEY =
            ORIGIN + "=" + Base64.getEncoder().encodeToString(SIGNER.key().key().getEncoded());

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> lines = SampleLog.ofNineLeaves().lines();

    private int verify(String... options) throws IOException {
        return run(Files.write(directory.resolve("bundle.jsonl"), lines), options);
    }

    private int run(Path bundle, String... options) {
        var words = new ArrayList<>(List.of(bundle.toString()));
        words.addAll(Arrays.asList(options));
        return Verify.run(words.toArray(String[]::new), new PrintStream(out, true), new PrintStream(err, true));
    }

    private String kept(SampleLog log) throws IOException {
        return Files.writeString(directory.resolve("kept.txt"), SIGNER.sign(log.checkpoint()))
                .toString();
    }

    @Test
    void endsWithZeroAndSaysWhatHolds() throws Exception {
        // When
        int status = verify("--key", KEY, "--checkpoint", kept(new SampleLog().happens(ADA, 'r', "ada@example.com")));

        // Then
        assertThat(status).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("VERIFIED. audit.example.com/users: 9 leaves of 3 users, 2 checkpoints, root ")
                .contains("2 leaves have no content any more")
                .contains("The kept checkpoint of 1 leaves is a prefix");
        assertThat(err.size()).isZero();
    }

    @Test
    void endsWithOneAndNamesTheFirstBadLeaf() throws Exception {
        // Given
        lines.set(line(5), lines.get(line(5)).replace("\"ada\"", "\"eve\""));
        lines.set(line(7), "?");

        // When
        int status = verify("--key", KEY);

        // Then
        assertThat(status).isOne();
        assertThat(out.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo("REFUSED. Leaf 5 (user %s, version 3, line 8): its hash is not that of its content."
                        .formatted(ADA));
    }

    @Test
    void endsWithOneWhenTheKeptCheckpointIsOfAnotherHistory() throws Exception {
        // When
        int status = verify("--key", KEY, "--checkpoint", kept(new SampleLog().happens(ADA, 'r', "eve@example.com")));

        // Then
        assertThat(status).isOne();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("The log has forked: its first 1 leaves");
    }

    @Test
    void endsWithOneWhenTheKeyIsNotTheOneThatSigned() throws Exception {
        // When
        int status = verify("--key", "stranger" + KEY.substring(KEY.indexOf('=')));

        // Then
        assertThat(status).isOne();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("unknown key");
    }

    @Test
    void endsWithOneAndNamesTheFileWhenTheKeptCheckpointItselfIsNotSigned() throws Exception {
        // Given
        Path kept = Files.writeString(directory.resolve("kept.txt"), "forty-two");

        // When
        int status = verify("--key", KEY, "--checkpoint", kept.toString());

        // Then
        assertThat(status).isOne();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("kept.txt").contains("malformed");
    }

    @Test
    void findsCheckpointsThatStandFurtherBehindThanTheyHaveTo() throws Exception {
        // Given
        lines.add(lines.remove(line(3) + 1));

        // When
        int status = verify("--key", KEY);

        // Then
        assertThat(status).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("2 checkpoints");
    }

    @Test
    void namesTheLeafOfWhichAByteIsNotEvenText() throws Exception {
        // Given
        Path bundle = Files.write(directory.resolve("bundle.jsonl"), lines);
        String bytes = Files.readString(bundle, StandardCharsets.ISO_8859_1);
        int actor = bytes.indexOf("\"ada\"", bytes.indexOf("\"leaf\":5")) + 1;
        String spoilt = bytes.substring(0, actor) + "\u00ff" + bytes.substring(actor + 1);
        Files.writeString(bundle, spoilt, StandardCharsets.ISO_8859_1);

        // When
        int status = run(bundle, "--key", KEY);

        // Then
        assertThat(status).isOne();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Leaf 5 (user " + ADA);
    }

    @Test
    void endsWithTwoAndSaysHowToUseIt() throws Exception {
        // When / Then
        assertThat(verify()).isEqualTo(2);
        assertThat(verify("--key")).isEqualTo(2);
        assertThat(verify("--key", "x")).isEqualTo(2);
        assertThat(verify("--key", "x=?")).isEqualTo(2);
        assertThat(verify("--key", KEY, "--help")).isEqualTo(2);
        assertThat(verify("--key", KEY, "another-bundle")).isEqualTo(2);
        assertThat(run(directory.resolve("none"), "--key", KEY)).isEqualTo(2);
        assertThat(out.size()).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("Usage: Verify <bundle>")
                .contains("none");
    }
}
