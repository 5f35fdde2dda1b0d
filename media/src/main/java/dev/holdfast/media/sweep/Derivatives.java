package dev.holdfast.media.sweep;

import dev.holdfast.media.store.Sha256;
import io.smallrye.mutiny.Uni;
import java.util.Set;

/** What is made of images and kept besides them. It goes when they go. */
public interface Derivatives {
    /** Where nothing is made of images. */
    Derivatives NONE = new Derivatives() {
        @Override
        public Uni<Set<Sha256>> images() {
            return Uni.createFrom().item(Set.of());
        }

        @Override
        public Uni<Void> forget(Set<Sha256> gone) {
            return Uni.createFrom().voidItem();
        }
    };

    /**
     * Of which images there is something. Whoever adds to it looks afterwards whether the image is still there, so what comes after
     * this was listed is their business.
     */
    Uni<Set<Sha256>> images();

    /** Deletes all that was made of them. */
    Uni<Void> forget(Set<Sha256> gone);
}
