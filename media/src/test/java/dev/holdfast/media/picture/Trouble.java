package dev.holdfast.media.picture;

import dev.holdfast.media.picture.PictureSpec.Fit;
import java.util.Arrays;

/** What can become of a worker; which, {@link TroubledWorker} is told by the width that it is asked for. */
enum Trouble {
    NONE(1),
    /** It never comes back. */
    NEVER_ENDS(2),
    /** It touches memory that is not there. */
    CRASHES(3),
    /** It fills the heap. */
    FILLS_HEAP(4),
    /** It fills memory outside the heap, as a native decoder does. */
    FILLS_MEMORY(5),
    /** It recurses without end. */
    RECURSES(6),
    /** It answers with something else. */
    RAVES(7),
    /** It writes the names of its environment to the target. */
    TELLS_ENVIRONMENT(8),
    /** It throws what nobody expects. */
    THROWS(9);

    private final int width;

    Trouble(int width) {
        this.width = width;
    }

    PictureSpec spec() {
        return new PictureSpec(width, 0, Fit.CONTAIN, PictureFormat.PNG);
    }

    static Trouble of(PictureSpec spec) {
        return Arrays.stream(values())
                .filter(trouble -> trouble.width == spec.width())
                .findFirst()
                .orElseThrow();
    }
}
