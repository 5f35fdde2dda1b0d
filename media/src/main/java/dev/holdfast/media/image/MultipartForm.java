package dev.holdfast.media.image;

import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import io.smallrye.mutiny.Multi;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A form of a browser (RFC 7578): some fields, and one file behind them, of which never more than a buffer is here.
 *
 * <p>Parsers of HTTP servers tell the fields when the whole body has come. This one tells them when the file begins, so that nobody
 * sends one in vain.
 */
final class MultipartForm {
    private static final Pattern BOUNDARY = Pattern.compile(
            "multipart/form-data\\s*;(?:[^,]*;)?\\s*boundary=\"?([^\";,\\s]{1,70})\"?\\s*(?:;.*)?",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern NAME = Pattern.compile(
            "^content-disposition:\\s*form-data\\s*;(?:[^\\r]*;)?\\s*name=\"?([^\";\\r]*)\"?",
            Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
    private static final Pattern FILE = Pattern.compile(
            "^content-disposition:[^\\r]*;\\s*filename\\*?=(\"\")?", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

    private static final byte[] LINE = {'\r', '\n'};
    private static final byte[] TWO_LINES = {'\r', '\n', '\r', '\n'};
    private static final byte[] LAST = {'-', '-'};

    /** Of what stands before a part, and behind the last one, in bytes. Browsers send some hundred. */
    private static final int HEAD_MAX = 4_096;

    private static final int FIELD_MAX = 1_024;

    private final byte[] delimiter;
    private final List<String> names;
    private final Consumer<Map<String, String>> beforeFile;
    private final Map<String, String> fields = new HashMap<>();
    private final ByteArrayOutputStream value = new ByteArrayOutputStream();
    private State state = State.BEGIN;
    private String field = "";
    private boolean hasFile;
    /** The first delimiter has no line before it. */
    private byte[] pending = LINE;

    private enum State {
        BEGIN,
        BEHIND_DELIMITER,
        HEAD,
        FIELD,
        FILE,
        END
    }

    /**
     * @param contentType as it was sent; fails with a problem unless it is one of a form
     * @param names of the fields that there may be, each once
     * @param beforeFile is given the fields; when it fails, the file is not read
     */
    MultipartForm(String contentType, List<String> names, Consumer<Map<String, String>> beforeFile) {
        Matcher matcher = BOUNDARY.matcher(contentType);
        if (!matcher.matches()) {
            throw wrong("The Content-Type must be multipart/form-data with a boundary of 1 to 70 characters.");
        }
        this.delimiter = ("\r\n--" + matcher.group(1)).getBytes(StandardCharsets.ISO_8859_1);
        this.names = List.copyOf(names);
        this.beforeFile = beforeFile;
    }

    static boolean is(@Nullable String contentType) {
        return contentType != null && contentType.regionMatches(true, 0, "multipart/", 0, "multipart/".length());
    }

    /** The file, asked for no faster than whoever wants it; fails with a problem where the form is wrong. */
    Multi<Buffer> file(Multi<Buffer> body) {
        return body.onItem().transformToIterable(this::feed).onCompletion().invoke(this::end);
    }

    /** Those before the file, when it has begun. */
    Map<String, String> fields() {
        return Map.copyOf(fields);
    }

    /** What of the file is in the next buffer of the body. */
    List<Buffer> feed(Buffer next) {
        byte[] bytes = Arrays.copyOf(pending, pending.length + next.length());
        next.getBytes(bytes, pending.length);
        var file = new ArrayList<Buffer>(1);
        int at = 0;
        for (int then = step(bytes, at, file); then >= 0; then = step(bytes, at, file)) {
            at = then;
        }
        pending = Arrays.copyOfRange(bytes, kept(bytes, at, file), bytes.length);
        return file;
    }

    /** Where it goes on, or -1 when more must come first. */
    private int step(byte[] bytes, int at, List<Buffer> file) {
        return switch (state) {
            case BEGIN -> begin(bytes, at);
            case BEHIND_DELIMITER -> behindDelimiter(bytes, at);
            case HEAD -> head(bytes, at);
            case FIELD, FILE -> {
                int end = find(delimiter, bytes, at);
                if (end >= 0) {
                    content(bytes, at, end, file);
                    endPart();
                }
                yield end < 0 ? -1 : end + delimiter.length;
            }
            case END -> -1;
        };
    }

    private int begin(byte[] bytes, int at) {
        if (bytes.length - at < delimiter.length) {
            return -1;
        }
        if (!isAt(delimiter, bytes, at)) {
            throw wrong("The body does not begin with the boundary that the Content-Type names.");
        }
        state = State.BEHIND_DELIMITER;
        return at + delimiter.length;
    }

    private int behindDelimiter(byte[] bytes, int at) {
        if (bytes.length - at < LINE.length) {
            return -1;
        }
        if (isAt(LAST, bytes, at)) {
            state = State.END;
            return at + LAST.length;
        }
        if (!isAt(LINE, bytes, at)) {
            throw wrong("A boundary is followed by something else than a new line.");
        }
        state = State.HEAD;
        return at;
    }

    private int head(byte[] bytes, int at) {
        int end = find(TWO_LINES, bytes, at);
        if ((end < 0 ? bytes.length : end) - at > HEAD_MAX) {
            throw wrong("A part has more than %,d bytes of headers.".formatted(HEAD_MAX));
        }
        if (end < 0) {
            return -1;
        }
        beginPart(new String(bytes, at, end - at, StandardCharsets.UTF_8));
        return end + TWO_LINES.length;
    }

    private void beginPart(String head) {
        Matcher name = NAME.matcher(head);
        if (!name.find()) {
            throw wrong("A part has no name: it needs a header Content-Disposition: form-data; name=\"...\".");
        }
        field = name.group(1);
        if (hasFile) {
            throw wrong("The part '%s' comes behind the file: send one image at a time, and put it last in the form."
                    .formatted(field));
        }
        Matcher file = FILE.matcher(head);
        if (file.find()) {
            if (file.group(1) != null) {
                throw wrong("No file was chosen for '%s'.".formatted(field));
            }
            hasFile = true;
            beforeFile.accept(fields());
            state = State.FILE;
            return;
        }
        if (!names.contains(field) || fields.containsKey(field)) {
            throw wrong("The field '%s' is not expected%s: send %s once each, then the image with a file name."
                    .formatted(field, names.contains(field) ? " twice" : "", String.join(", ", names)));
        }
        state = State.FIELD;
    }

    private void content(byte[] bytes, int from, int to, List<Buffer> file) {
        if (state == State.FILE) {
            if (to > from) {
                file.add(Buffer.buffer(Arrays.copyOfRange(bytes, from, to)));
            }
            return;
        }
        value.write(bytes, from, to - from);
        if (value.size() > FIELD_MAX) {
            throw wrong("The field '%s' has more than %,d bytes.".formatted(field, FIELD_MAX));
        }
    }

    private void endPart() {
        if (state == State.FIELD) {
            fields.put(field, value.toString(StandardCharsets.UTF_8));
            value.reset();
        }
        state = State.BEHIND_DELIMITER;
    }

    /** From where on the bytes must stay; those before it may be the content's last ones, or the delimiter's first. */
    private int kept(byte[] bytes, int at, List<Buffer> file) {
        if (state == State.FIELD || state == State.FILE) {
            int to = Math.max(at, bytes.length - delimiter.length + 1);
            content(bytes, at, to, file);
            return to;
        }
        if (state == State.END && bytes.length - at > HEAD_MAX) {
            throw wrong("Something comes behind the last boundary.");
        }
        return at;
    }

    private void end() {
        if (state != State.END) {
            throw wrong("The body ends before its last boundary.");
        }
        if (!hasFile) {
            throw wrong("There is no image in the form: send it as a part with a file name, behind the fields.");
        }
    }

    private static int find(byte[] sought, byte[] bytes, int from) {
        for (int at = from; at <= bytes.length - sought.length; at++) {
            if (isAt(sought, bytes, at)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean isAt(byte[] sought, byte[] bytes, int at) {
        return Arrays.equals(sought, 0, sought.length, bytes, at, at + sought.length);
    }

    private static ProblemException wrong(String detail) {
        return ProblemException.of(ProblemType.INVALID_INPUT, detail);
    }
}
