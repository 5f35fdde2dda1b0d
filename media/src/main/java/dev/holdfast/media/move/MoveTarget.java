package dev.holdfast.media.move;

import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.platform.problem.ProblemException;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The store that a caller names. */
final class MoveTarget {
    private MoveTarget() {}

    /** Fails with a problem unless there is such a store. */
    static Backend of(@Nullable String name, BlobStores stores) {
        return stores.backends().stream()
                .filter(backend -> word(backend).equals(name))
                .findFirst()
                .orElseThrow(() -> ProblemException.invalidParameter(
                        "to",
                        "to must be one of the stores that there are here: %s."
                                .formatted(new TreeSet<>(stores.backends())
                                        .stream().map(MoveTarget::word).collect(Collectors.joining(", ")))));
    }

    private static String word(Backend backend) {
        return backend.name().toLowerCase(Locale.ROOT);
    }
}
