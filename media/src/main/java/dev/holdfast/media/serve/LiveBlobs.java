package dev.holdfast.media.serve;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.blob.Blobs;
import dev.holdfast.media.store.Sha256;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/** Which blob has some bytes, remembered for a minute. One that has gone or moved since is found out when it is read. */
@Singleton
public final class LiveBlobs {
    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(1);
    /** Of some hundred bytes each. */
    private static final int BLOBS_MAX = 100_000;

    private final Blobs blobs;
    private final Cache<Sha256, Blob> known = Caffeine.newBuilder()
            .maximumSize(BLOBS_MAX)
            .expireAfterWrite(REMEMBERED_FOR)
            .build();

    public LiveBlobs(Blobs blobs) {
        this.blobs = blobs;
    }

    public Uni<Optional<Blob>> of(Sha256 hash) {
        Blob blob = known.getIfPresent(hash);
        return blob != null
                ? Uni.createFrom().item(Optional.of(blob))
                : blobs.live(hash).invoke(found -> found.ifPresent(one -> known.put(hash, one)));
    }

    public void forget(Sha256 hash) {
        known.invalidate(hash);
    }
}
