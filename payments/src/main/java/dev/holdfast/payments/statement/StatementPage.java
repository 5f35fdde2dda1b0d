package dev.holdfast.payments.statement;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.platform.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Some entries, newest first, and the way to older ones. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StatementPage(
        List<StatementEntry> items,

        @Nullable @Schema(description = "Pass it as 'cursor' for the next page; absent on the last")
        String nextCursor) {

    private static final Pattern CURSOR = Pattern.compile("(\\d{1,18})\\.(\\d{1,19})");

    /** Where a page begins: below this number, at this moment or before. */
    record Cursor(Instant moment, long before) {
        static Cursor first(Instant moment) {
            return new Cursor(moment, Long.MAX_VALUE);
        }

        /** Opaque to callers, so that the order can change without breaking them. */
        String text() {
            long micros = ChronoUnit.MICROS.between(Instant.EPOCH, moment);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString("%d.%d".formatted(micros, before).getBytes(StandardCharsets.US_ASCII));
        }

        static Cursor parse(String text) {
            try {
                Matcher parts =
                        CURSOR.matcher(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII));
                if (parts.matches()) {
                    return new Cursor(
                            Instant.EPOCH.plus(Long.parseLong(parts.group(1)), ChronoUnit.MICROS),
                            Long.parseLong(parts.group(2)));
                }
            } catch (IllegalArgumentException notOurs) {
                // falls through to the same answer
            }
            throw ProblemException.invalidParameter(
                    "cursor", "The cursor is not one of ours: pass the nextCursor of the page before, unchanged.");
        }
    }

    /** @param found one more than asked for tells that there is a next page */
    static StatementPage of(List<StatementEntry> found, int limit) {
        List<StatementEntry> shown = found.size() > limit ? found.subList(0, limit) : found;
        return new StatementPage(
                shown,
                found.size() > limit
                        ? new Cursor(
                                        shown.getLast().recordedAt(),
                                        shown.getLast().sequence())
                                .text()
                        : null);
    }
}
