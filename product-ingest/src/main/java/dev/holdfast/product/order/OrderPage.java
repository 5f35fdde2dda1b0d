package dev.holdfast.product.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.platform.problem.ProblemException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Some orders and the way to older ones.
 *
 * @param nextCursor absent on the last page
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OrderPage(
        List<OrderSummary> items,

        @Nullable @Schema(description = "Pass it as 'cursor' for the next page; absent on the last")
        String nextCursor) {

    private static final int UUID_BYTES = 16;

    /** @param found one more than asked for tells that there is a next page */
    static OrderPage of(List<OrderSummary> found, int limit) {
        List<OrderSummary> shown = found.size() > limit ? found.subList(0, limit) : found;
        return new OrderPage(
                shown, found.size() > limit ? cursor(shown.getLast().id()) : null);
    }

    /** Opaque to callers, so that the order can change without breaking them. */
    private static String cursor(UUID last) {
        ByteBuffer bytes = ByteBuffer.allocate(UUID_BYTES)
                .putLong(last.getMostSignificantBits())
                .putLong(last.getLeastSignificantBits());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    static UUID parseCursor(String cursor) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            if (bytes.length == UUID_BYTES) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                return new UUID(buffer.getLong(), buffer.getLong());
            }
        } catch (IllegalArgumentException notBase64) {
            // falls through to the same answer
        }
        throw ProblemException.invalidParameter(
                "cursor", "The cursor is not one of ours: pass the nextCursor of the page before, unchanged.");
    }
}
