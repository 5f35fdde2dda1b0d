package dev.holdfast.media.comparison;

import dev.holdfast.media.comparison.Comparison.Measured;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The stores, measured on the same images. */
@Schema(name = "Comparison")
public record ComparisonRepresentation(
        Instant measuredAt,

        @Schema(description = "Kept here, and chosen at random")
        int images,

        @Schema(description = "Of all these images") long bytes,

        List<StoreRepresentation> stores) {
    /** What was measured of one store. */
    @Schema(name = "ComparedStore")
    public record StoreRepresentation(
            @Schema(description = "files, postgres or s3") String store,

            @Schema(description = "Of an image, from its first byte until it survives a power cut")
            LatencyRepresentation write,

            @Schema(description = "Of an image that was just written, until its last byte")
            LatencyRepresentation read,

            @Schema(
                    description =
                            "That PostgreSQL logged during the writes, for each byte stored; what others wrote at the"
                                    + " same time is among it, as files and s3 show, which log next to nothing themselves")
            double walPerByte,

            @Schema(description = "On the medium, for each byte stored")
            double spacePerByte,

            @Schema(description = "Of all images read one after the other, as for a backup")
            double backupMegabytesPerSecond) {
        static StoreRepresentation of(Measured measured, long bytes) {
            return new StoreRepresentation(
                    measured.store().name().toLowerCase(Locale.ROOT),
                    LatencyRepresentation.of(measured.write()),
                    LatencyRepresentation.of(measured.read()),
                    (double) measured.walBytes() / bytes,
                    (double) measured.spaceBytes() / bytes,
                    // bytes in a microsecond are megabytes in a second
                    (double) bytes / measured.backupMicros());
        }
    }

    /** In milliseconds. */
    @Schema(name = "Latency")
    public record LatencyRepresentation(double medianMs, double p95Ms) {
        static LatencyRepresentation of(Latency latency) {
            return new LatencyRepresentation(ms(latency.medianMicros()), ms(latency.p95Micros()));
        }

        private static double ms(long micros) {
            return (double) micros / TimeUnit.MILLISECONDS.toMicros(1);
        }
    }

    public static ComparisonRepresentation of(Comparison comparison) {
        return new ComparisonRepresentation(
                comparison.measuredAt(),
                comparison.images(),
                comparison.bytes(),
                comparison.stores().stream()
                        .map(measured -> StoreRepresentation.of(measured, comparison.bytes()))
                        .toList());
    }
}
