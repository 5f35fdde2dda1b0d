package dev.holdfast.audit.timeline;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the page, as somebody wrote it.
 *
 * @param to the last version that is drawn; null for the latest
 */
public record Asked(
        UUID user,
        @Nullable String asOf,
        @Nullable String validAt,
        @Nullable Long to,
        @Nullable String purpose) {
    /** Fields that are sent empty are left out. */
    static Asked of(
            UUID user, @Nullable String asOf, @Nullable String validAt, @Nullable Long to, @Nullable String purpose) {
        return new Asked(user, present(asOf), present(validAt), to, present(purpose));
    }

    private static @Nullable String present(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    Asked at(@Nullable Instant moment) {
        return new Asked(user, moment == null ? null : moment.toString(), validAt, to, purpose);
    }

    Asked upTo(@Nullable Long version) {
        return new Asked(user, asOf, validAt, version, purpose);
    }

    String page() {
        var query = new StringBuilder();
        add(query, "asOf", asOf);
        add(query, "validAt", validAt);
        add(query, "to", to);
        add(query, "purpose", purpose);
        return "/users/%s/email/timeline%s".formatted(user, query);
    }

    String proof(long version) {
        var query = new StringBuilder();
        add(query, "version", version);
        add(query, "purpose", purpose);
        return "/users/%s/email/proof%s".formatted(user, query);
    }

    private static void add(StringBuilder query, String name, @Nullable Object value) {
        if (value != null) {
            query.append(query.isEmpty() ? '?' : '&')
                    .append(name)
                    .append('=')
                    .append(URLEncoder.encode(value.toString(), StandardCharsets.UTF_8));
        }
    }
}
