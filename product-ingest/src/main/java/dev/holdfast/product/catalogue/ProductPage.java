package dev.holdfast.product.catalogue;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Some products and the way to the next ones.
 *
 * @param nextCursor absent on the last page
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProductPage(
        List<ProductRepresentation> items,

        @Nullable @Schema(description = "Pass it as 'cursor' for the next page; absent on the last")
        String nextCursor) {

    /** @param found one more than asked for tells that there is a next page */
    static ProductPage of(List<Product> found, int limit) {
        List<Product> shown = found.size() > limit ? found.subList(0, limit) : found;
        return new ProductPage(
                shown.stream().map(ProductRepresentation::of).toList(),
                found.size() > limit ? Cursor.of(shown.getLast()) : null);
    }
}
