package dev.holdfast.media.variant;

import dev.holdfast.platform.batch.OverloadedException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** What people watch: how many variants are found, how many are made and how fast, and whom that is refused. */
final class VariantMetrics {
    private final MeterRegistry meters;
    private final Counter found;
    private final Timer derived;
    private final Counter refused;
    private final Counter shed;
    private final Counter failed;

    VariantMetrics(MeterRegistry meters) {
        this.meters = meters;
        found = Counter.builder("holdfast.media.variants.found")
                .description("Wishes for variants that were there")
                .register(meters);
        derived = Timer.builder("holdfast.media.variants.derived")
                .description("Variants made, from the first wish on")
                .register(meters);
        refused = Counter.builder("holdfast.media.variants.refused")
                .description("Pictures that could not be decoded when it was tried")
                .register(meters);
        shed = Counter.builder("holdfast.media.variants.shed")
                .description("Wishes turned away because too many wait")
                .register(meters);
        failed = Counter.builder("holdfast.media.variants.failed")
                .description("Variants that could not be made, through no fault of the picture")
                .register(meters);
    }

    void watch(VariantCache cache) {
        Gauge.builder("holdfast.media.variants.cache.bytes", cache, VariantCache::bytes)
                .description("Of the files of variants, in whole blocks")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("holdfast.media.variants.cache.count", cache, VariantCache::count)
                .description("Variants that are kept")
                .register(meters);
    }

    Timer.Sample begin() {
        return Timer.start(meters);
    }

    void found() {
        found.increment();
    }

    void derived(Timer.Sample begun) {
        begun.stop(derived);
    }

    void refused() {
        refused.increment();
    }

    void failed(Throwable failure) {
        (failure instanceof OverloadedException ? shed : failed).increment();
    }
}
