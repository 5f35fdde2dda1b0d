package dev.holdfast.media.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.platform.problem.ProblemException;
import io.smallrye.mutiny.Multi;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartFormTest {
    private static final String TYPE = "multipart/form-data; boundary=xyz";

    private final AtomicReference<Map<String, String>> beforeFile = new AtomicReference<>();

    private static String field(String name, String value) {
        return "--xyz\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(name, value);
    }

    private static String file(String content) {
        return """
                --xyz\r
                Content-Disposition: form-data; name="picture"; filename="a; name=b.png"\r
                Content-Type: image/png\r
                \r
                %s\r
                """.formatted(content);
    }

    private static List<Buffer> pieces(byte[] body, int length) {
        var pieces = new ArrayList<Buffer>();
        for (int at = 0; at < body.length; at += length) {
            pieces.add(Buffer.buffer(Arrays.copyOfRange(body, at, Math.min(body.length, at + length))));
        }
        return pieces;
    }

    private byte[] read(String body, int pieceLength) {
        var form = new MultipartForm(TYPE, ReferenceRequest.NAMES, beforeFile::set);
        Buffer file = Buffer.buffer();
        form.file(Multi.createFrom().iterable(pieces(body.getBytes(StandardCharsets.ISO_8859_1), pieceLength)))
                .collect()
                .asList()
                .await()
                .atMost(Duration.ofSeconds(10))
                .forEach(file::appendBuffer);
        return file.getBytes();
    }

    @Test
    void readsTheSameHoweverItComesInPieces() {
        // Given a file with all that looks like a delimiter and is none
        byte[] noise = new byte[300];
        new Random(1).nextBytes(noise);
        String content = "\r\n--xy\r\n--x\r\r\n--\n--xyz" + new String(noise, StandardCharsets.ISO_8859_1) + "\r\n";
        String body = field("ownerType", "user") + field("ownerId", "ada") + file(content) + "--xyz--\r\n";

        for (int length = 1; length <= body.length(); length++) {
            // When
            byte[] read = read(body, length);

            // Then
            assertThat(read).as("pieces of %d", length).isEqualTo(content.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(beforeFile.get()).isEqualTo(Map.of("ownerType", "user", "ownerId", "ada"));
        }
    }

    @Test
    void keepsNoMoreOfTheFileThanADelimiter() {
        var form = new MultipartForm(TYPE, ReferenceRequest.NAMES, beforeFile::set);
        form.feed(Buffer.buffer(file("")).slice(0, file("").length() - 2));

        List<Buffer> passedOn = form.feed(Buffer.buffer(new byte[100_000]));

        assertThat(passedOn.stream().mapToInt(Buffer::length).sum())
                .isGreaterThanOrEqualTo(100_000 - "\r\n--xyz".length());
    }

    /** Whoever may not upload need not send the file. */
    @Test
    void readsNothingOfAFileThatIsNotWanted() {
        var form = new MultipartForm(TYPE, ReferenceRequest.NAMES, fields -> {
            throw ProblemException.invalidParameter("ownerId", "is needed");
        });
        byte[] begin = (field("ownerType", "user") + file("")).getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> form.feed(Buffer.buffer(begin))).hasMessageContaining("is needed");
    }

    @Test
    void saysWhatToChange() {
        String end = "--xyz--\r\n";
        assertRefused(field("ownerType", "user") + end, "There is no image in the form");
        assertRefused(file("a") + file("b") + end, "one image at a time");
        assertRefused(file("a") + field("role", "cover") + end, "put it last");
        assertRefused(field("colour", "red") + file("a") + end, "'colour' is not expected");
        assertRefused(field("role", "a") + field("role", "b") + file("a") + end, "'role' is not expected twice");
        assertRefused(field("role", "a".repeat(1_025)) + file("a") + end, "'role' has more than");
        assertRefused(file("a").replace("filename=\"a; name=b.png\"", "filename=\"\"") + end, "No file was chosen");
        assertRefused(file("a"), "ends before its last boundary");
        assertRefused("--other\r\n", "does not begin with the boundary");
        assertRefused("--xyz\r\nX: " + "a".repeat(5_000), "bytes of headers");
        assertRefused("--xyz\r\nX: y\r\n\r\n", "has no name");
        assertRefused("--xyz-x\r\n", "something else than a new line");
        assertRefused(file("a") + end + "a".repeat(5_000), "behind the last boundary");
        assertRefused("", "ends before its last boundary");
    }

    private void assertRefused(String body, String text) {
        for (int length : List.of(1, 7, 10_000)) {
            assertThatThrownBy(() -> read(body, length))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining(text);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "multipart/form-data; boundary=xyz",
                "Multipart/Form-Data;boundary=\"xyz\"",
                "multipart/form-data; charset=utf-8; boundary=xyz",
                "multipart/form-data; boundary=xyz; charset=utf-8"
            })
    void findsTheBoundary(String type) {
        var form = new MultipartForm(type, ReferenceRequest.NAMES, beforeFile::set);
        assertThat(form.feed(Buffer.buffer(file("abc") + "--xyz--"))).containsExactly(Buffer.buffer("abc"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"multipart/mixed; boundary=xyz", "multipart/form-data", "multipart/form-data; boundary="})
    void refusesWhatIsNoForm(String type) {
        assertThatThrownBy(() -> new MultipartForm(type, ReferenceRequest.NAMES, beforeFile::set))
                .hasMessageContaining("multipart/form-data with a boundary");
    }
}
