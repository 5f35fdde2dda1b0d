package dev.holdfast.media.variant;

import dev.holdfast.media.serve.LiveBlobs;
import dev.holdfast.media.store.FileWork;
import dev.holdfast.media.store.Sha256;
import dev.holdfast.media.sweep.Derivatives;
import io.smallrye.mutiny.Uni;
import java.util.Set;

/** Variants of images that are gone, whoever remembers them. */
final class SweptVariants implements Derivatives {
    private final VariantCache cache;
    private final LiveBlobs blobs;
    private final FileWork work;

    SweptVariants(VariantCache cache, LiveBlobs blobs, FileWork work) {
        this.cache = cache;
        this.blobs = blobs;
        this.work = work;
    }

    @Override
    public Uni<Set<Sha256>> images() {
        return work.run(cache::images);
    }

    @Override
    public Uni<Void> forget(Set<Sha256> gone) {
        gone.forEach(blobs::forget);
        return work.run(() -> {
                    cache.discard(key -> gone.contains(key.image()));
                    return true;
                })
                .replaceWithVoid();
    }
}
