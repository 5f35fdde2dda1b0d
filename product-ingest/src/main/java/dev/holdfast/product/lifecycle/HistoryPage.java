package dev.holdfast.product.lifecycle;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.platform.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Some versions of a product and the way to the older ones.
 *
 * @param nextCursor absent on the last page
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HistoryPage(
        List<ProductVersionRepresentation> items,

        @Nullable @Schema(description = "Pass it as 'cursor' for the next page; absent on the last")
        String nextCursor) {

    /** @param found one more than asked for tells that there is a next page */
    static HistoryPage of(List<ProductVersion> found, int limit) {
        List<ProductVersion> shown = found.size() > limit ? found.subList(0, limit) : found;
        return new HistoryPage(
                shown.stream().map(ProductVersionRepresentation::of).toList(),
                found.size() > limit ? cursor(shown.getLast().rowVersion()) : null);
    }

    private static String cursor(long rowVersion) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Long.toString(rowVersion).getBytes(StandardCharsets.US_ASCII));
    }

    /** The version before which a page begins. */
    static long before(@Nullable String cursor) {
        if (cursor == null) {
            return Long.MAX_VALUE;
        }
        try {
            return Long.parseLong(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException notOurs) {
            throw ProblemException.invalidParameter(
                    "cursor", "The cursor is not one of ours: pass the nextCursor of the page before, unchanged.");
        }
    }
}
