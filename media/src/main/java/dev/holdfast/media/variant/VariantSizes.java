package dev.holdfast.media.variant;

import dev.holdfast.media.picture.PictureFormat;
import dev.holdfast.media.picture.Preset;
import dev.holdfast.media.store.Sha256;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Tells which variants are there, for who shows them, and makes none. */
@Singleton
public final class VariantSizes {
    /** What everybody can write. */
    private static final Set<PictureFormat> AT_LEAST = Set.of(PictureFormat.JPEG, PictureFormat.PNG);

    private final VariantCache cache;
    private final EngineInUse engine;

    VariantSizes(VariantCache cache, EngineInUse engine) {
        this.cache = cache;
        this.engine = engine;
    }

    /** That presets can be had in, as far as it is known yet. */
    public List<PictureFormat> formats() {
        Set<PictureFormat> written = engine.now().map(Engine::writes).orElse(AT_LEAST);
        return Stream.of(PictureFormat.JPEG, PictureFormat.PNG, PictureFormat.WEBP, PictureFormat.AVIF)
                .filter(written::contains)
                .toList();
    }

    /** In bytes; empty when it would have to be made. To look does not keep it from making room. */
    public Optional<Long> of(Sha256 image, Preset preset, PictureFormat format) {
        return engine.now()
                .flatMap(known -> cache.peek(new VariantKey(image, preset.in(format), known.id())))
                .map(Variant::size);
    }
}
