package dev.holdfast.product.catalogue;

import dev.holdfast.platform.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Where a page ended. Opaque to callers, so that the order can change without breaking them. */
final class Cursor {
    private Cursor() {}

    static String of(Product last) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        new ProductId(last.vendor(), last.sku()).toString().getBytes(StandardCharsets.UTF_8));
    }

    static ProductId parse(String cursor) {
        Optional<ProductId> id;
        try {
            id = ProductId.parse(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notBase64) {
            id = Optional.empty();
        }
        return id.orElseThrow(() -> ProblemException.invalidParameter(
                "cursor", "The cursor is not one of ours: pass the nextCursor of the page before, unchanged."));
    }
}
