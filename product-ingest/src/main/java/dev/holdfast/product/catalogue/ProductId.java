package dev.holdfast.product.catalogue;

import dev.holdfast.platform.problem.ProblemException;
import java.util.Optional;

/** {@code <vendor>:<sku>}, as in URLs, cursors and the keys of events. A vendor's id has no colon. */
public record ProductId(String vendor, String sku) {
    /** Empty unless there is something on both sides of the first colon. */
    public static Optional<ProductId> parse(String text) {
        int colon = text.indexOf(':');
        return colon <= 0 || colon == text.length() - 1 || text.indexOf('\0') >= 0
                ? Optional.empty()
                : Optional.of(new ProductId(text.substring(0, colon), text.substring(colon + 1)));
    }

    /**
     * The id in a URL.
     *
     * @throws ProblemException when it cannot be one
     */
    public static ProductId require(String id) {
        return parse(id)
                .orElseThrow(() -> ProblemException.invalidParameter(
                        "id", "A product's id is <vendor>:<sku>, such as acme:DRILL-18V."));
    }

    @Override
    public String toString() {
        return vendor + ":" + sku;
    }
}
