package dev.holdfast.product.catalogue;

import dev.holdfast.platform.problem.ProblemException;
import java.util.Locale;

/** Which products a reader asks for. Whoever asks for others than live ones must be allowed to. */
enum StateFilter {
    LIVE,
    DELETED,
    ARCHIVED,
    ALL;

    static StateFilter parse(String text) {
        for (StateFilter filter : values()) {
            if (filter.label().equals(text)) {
                return filter;
            }
        }
        throw ProblemException.invalidParameter("state", "state must be live, deleted, archived or all.");
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
