package dev.holdfast.media.variant;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.blob.Blobs;
import dev.holdfast.media.picture.PictureResult;
import dev.holdfast.media.picture.PictureSpec;
import dev.holdfast.media.picture.Refusal;
import dev.holdfast.media.store.FileWork;
import dev.holdfast.media.store.Sha256;
import dev.holdfast.media.variant.VariantResult.Gone;
import dev.holdfast.media.variant.VariantResult.Made;
import dev.holdfast.media.variant.VariantResult.Refused;
import dev.holdfast.platform.batch.OverloadedException;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds a variant, or makes it.
 *
 * <p>After it is made, it is asked whether its image is still there, because a sweep may have looked through the cache meanwhile:
 * either the sweep has seen the variant, or this has seen what the sweep did.
 */
final class Variants {
    private static final int REFUSALS_MAX = 100_000;

    private final VariantCache cache;
    private final Sources sources;
    private final Renderer renderer;
    private final Blobs blobs;
    private final FileWork work;
    private final VariantMetrics metrics;
    private final SingleFlight<VariantKey, VariantResult> flights;
    /** By image: what cannot be decoded cannot be for any size. */
    private final Cache<Sha256, Refusal> refusals;

    /** Makes one; as {@link dev.holdfast.media.picture.PictureWorkers#render} does. */
    @FunctionalInterface
    interface Renderer {
        Uni<PictureResult> render(Path source, PictureSpec spec, Path target);
    }

    /**
     * @param flights under way at once, each with a copy of its original if need be; more are turned away
     * @param refusalLasts until a picture that could not be decoded is tried again
     */
    record Limits(int flights, Duration refusalLasts) {}

    Variants(
            VariantCache cache,
            Sources sources,
            Renderer renderer,
            Blobs blobs,
            FileWork work,
            VariantMetrics metrics,
            Limits limits) {
        this.cache = cache;
        this.sources = sources;
        this.renderer = renderer;
        this.blobs = blobs;
        this.work = work;
        this.metrics = metrics;
        this.flights = new SingleFlight<>(limits.flights());
        this.refusals = Caffeine.newBuilder()
                .expireAfterWrite(limits.refusalLasts())
                .maximumSize(REFUSALS_MAX)
                .build();
    }

    /**
     * @param blob was live a moment ago
     * @return fails with an {@link OverloadedException} when too many wait
     */
    Uni<VariantResult> of(Blob blob, PictureSpec spec, Engine engine) {
        var key = new VariantKey(blob.ref().hash(), spec, engine.id());
        return known(key).chain(known -> {
            known.ifPresent(_ -> metrics.found());
            return known.<Uni<VariantResult>>map(Uni.createFrom()::item).orElseGet(() -> derived(blob, key));
        });
    }

    private Uni<Optional<Made>> known(VariantKey key) {
        Variant variant = cache.find(key);
        if (variant == null) {
            return Uni.createFrom().item(Optional.empty());
        }
        Made ready = cache.ready(variant);
        return ready != null ? Uni.createFrom().item(Optional.of(ready)) : work.run(() -> cache.read(variant));
    }

    private Uni<VariantResult> derived(Blob blob, VariantKey key) {
        Refusal refusal = refusals.getIfPresent(key.image());
        return refusal != null
                ? Uni.createFrom().item(new Refused(refusal))
                : flights.join(key, () -> derive(blob, key)).onFailure().invoke(metrics::failed);
    }

    /** A flight may have landed since this one was wanted. */
    private Uni<VariantResult> derive(Blob blob, VariantKey key) {
        return known(key).chain(known -> {
            Refusal refusal = refusals.getIfPresent(key.image());
            return known.<VariantResult>map(made -> made)
                    .or(() -> Optional.ofNullable(refusal).map(Refused::new))
                    .map(Uni.createFrom()::item)
                    .orElseGet(() -> render(blob, key));
        });
    }

    private Uni<VariantResult> render(Blob blob, VariantKey key) {
        Timer.Sample begun = metrics.begin();
        Path target = cache.temporary().next();
        return sources.with(blob, source -> renderer.render(source, key.spec(), target))
                .chain(result -> switch (result) {
                    case PictureResult.Rendered _ ->
                        work.run(() -> cache.add(key, target))
                                .invoke(() -> metrics.derived(begun))
                                .chain(made -> unlessGone(blob, made));
                    case PictureResult.Refused(Refusal why) -> {
                        refusals.put(key.image(), why);
                        metrics.refused();
                        yield Uni.createFrom().item(new Refused(why));
                    }
                })
                .onTermination()
                .invoke(() -> cache.temporary().discard(target));
    }

    private Uni<VariantResult> unlessGone(Blob blob, Made added) {
        return blobs.live(blob.ref().hash())
                .chain(live -> live.isPresent()
                        ? Uni.createFrom().item(added)
                        : work.run(() -> {
                            cache.discard(added.variant());
                            return new Gone();
                        }));
    }
}
