package dev.holdfast.media.variant;

import dev.holdfast.media.MediaConfig;
import dev.holdfast.media.blob.Blobs;
import dev.holdfast.media.picture.PictureLimits;
import dev.holdfast.media.picture.PictureWorkers;
import dev.holdfast.media.serve.LiveBlobs;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.FileWork;
import dev.holdfast.media.sweep.Derivatives;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/** Wires variants. The workers start with the service, which does not wait for them, nor need them to be ready. */
class VariantBeans {
    private static final Logger LOG = Logger.getLogger(VariantBeans.class);
    /** Longer than it takes anybody to open a file. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    @Produces
    @Singleton
    PictureWorkers.Limits limits(MediaConfig config) {
        MediaConfig.Workers workers = config.workers();
        return new PictureWorkers.Limits(
                workers.processes().orElseGet(() -> Runtime.getRuntime().availableProcessors()),
                workers.waitingMax(),
                workers.deadline(),
                workers.heapMegabytes(),
                workers.memoryMegabytes());
    }

    @Produces
    @Singleton
    PictureWorkers workers(MediaConfig config, PictureLimits pictures, PictureWorkers.Limits limits) {
        return new PictureWorkers(config.workers().engine(), pictures, limits);
    }

    void stop(@Disposes PictureWorkers workers) {
        workers.close();
    }

    @Produces
    @Singleton
    VariantMetrics metrics(MeterRegistry meters) {
        return new VariantMetrics(meters);
    }

    @Produces
    @Singleton
    VariantCache cache(MediaConfig config, Disk disk, FileWork work, VariantMetrics metrics) {
        MediaConfig.Variant variant = config.variant();
        Path directory =
                variant.directory().orElseGet(() -> config.store().directory().resolve("variants"));
        try {
            var cache = VariantCache.open(
                    directory,
                    disk,
                    work,
                    new VariantCache.Limits(variant.bytesMax(), variant.memoryBytesMax(), GRACE));
            metrics.watch(cache);
            return cache;
        } catch (IOException unusable) {
            throw new UncheckedIOException(
                    "Variants cannot be kept in %s: set media.variant.directory".formatted(directory), unusable);
        }
    }

    void stop(@Disposes VariantCache cache) {
        cache.close();
    }

    /** What another engine has made goes as soon as it is known. */
    @Produces
    @Singleton
    EngineInUse engine(PictureWorkers workers, VariantCache cache, FileWork work) {
        var inUse = new EngineInUse();
        workers.engine()
                .invoke(description -> {
                    LOG.infof("Variants are made by %s", description.name());
                    inUse.is(Engine.of(description));
                })
                .map(Engine::of)
                .chain(current -> work.run(() -> {
                    cache.discard(key -> !key.engine().equals(current.id()));
                    return true;
                }))
                .subscribe()
                .with(
                        done -> {},
                        failure -> LOG.warnf("Variants of an earlier engine stay until the next start: %s", failure));
        return inUse;
    }

    @Produces
    @Singleton
    Variants variants(
            VariantCache cache,
            BlobStores stores,
            PictureWorkers workers,
            PictureWorkers.Limits limits,
            Blobs blobs,
            Disk disk,
            FileWork work,
            VariantMetrics metrics,
            MediaConfig config) {
        return new Variants(
                cache,
                new Sources(stores, cache.temporary(), disk, work),
                workers::render,
                blobs,
                work,
                metrics,
                new Variants.Limits(
                        limits.processes() + limits.waiting(), config.variant().refusalLasts()));
    }

    @Produces
    @Singleton
    Derivatives derivatives(VariantCache cache, LiveBlobs blobs, FileWork work) {
        return new SweptVariants(cache, blobs, work);
    }

    @Produces
    @Singleton
    Signatures signatures(MediaConfig config) {
        return Signatures.by(config.variant().signingKeys().orElse(List.of()));
    }
}
