package dev.holdfast.media;

import dev.holdfast.platform.event.CloudEvents;
import dev.holdfast.platform.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What pages have in common: limits, and cursors that callers need not understand. */
public final class Paging {
    /** Nothing in PostgreSQL has it in its name. */
    private static final String BETWEEN = "\0";

    private Paging() {}

    /** Fails with a problem unless it is 1 to max. */
    public static void requireLimit(int limit, int max) {
        if (limit < 1 || limit > max) {
            throw ProblemException.invalidParameter("limit", "limit must be 1 to %d.".formatted(max));
        }
    }

    /** @param found one more than the limit tells that there is a next page */
    public static <T> List<T> shown(List<T> found, int limit) {
        return found.size() > limit ? found.subList(0, limit) : found;
    }

    /**
     * The cursor of the next page; null on the last one.
     *
     * @param position of an item in the order of the pages
     */
    public static <T> @Nullable String next(List<T> found, int limit, Function<T, List<String>> position) {
        return found.size() > limit
                ? Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(String.join(BETWEEN, position.apply(found.get(limit - 1)))
                                .getBytes(StandardCharsets.UTF_8))
                : null;
    }

    /** Behind which a page begins; what {@link #next} was given. */
    public static List<String> position(@Nullable String cursor, List<String> first) {
        if (cursor == null) {
            return first;
        }
        try {
            List<String> parts = List.of(
                    new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split(BETWEEN, -1));
            if (parts.size() == first.size()) {
                return parts;
            }
        } catch (IllegalArgumentException notBase64) {
            throw notOurs();
        }
        throw notOurs();
    }

    /** A part of a position. */
    public static UUID uuid(String part) {
        return CloudEvents.uuid(part).orElseThrow(Paging::notOurs);
    }

    /** A part of a position. */
    public static <E extends Enum<E>> E oneOf(Class<E> type, String part) {
        return Optional.of(part)
                .flatMap(name -> List.of(type.getEnumConstants()).stream()
                        .filter(one -> one.name().equals(name))
                        .findFirst())
                .orElseThrow(Paging::notOurs);
    }

    private static ProblemException notOurs() {
        return ProblemException.invalidParameter(
                "cursor", "The cursor is not one of ours: pass the nextCursor of the page before, unchanged.");
    }
}
