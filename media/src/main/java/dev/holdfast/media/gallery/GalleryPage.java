package dev.holdfast.media.gallery;

import dev.holdfast.media.blob.Reference;
import dev.holdfast.media.gallery.GalleryStore.Kept;
import dev.holdfast.media.picture.PictureFormat;
import dev.holdfast.media.picture.Preset;
import dev.holdfast.media.store.Sha256;
import dev.holdfast.media.variant.VariantSizes;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the template of images is filled with.
 *
 * @param formats of variants
 * @param isFirst whether these are the newest ones
 * @param older where those before are; null when there are none
 * @param sizeMax of an upload, for people
 */
public record GalleryPage(
        Visitor visitor,
        List<Picture> pictures,
        List<String> formats,
        boolean isFirst,
        @Nullable String older,
        String sizeMax) {
    static final int PICTURES = 24;
    static final int USES_SHOWN = 5;

    /** An image, and all that is told of it. */
    public record Picture(
            String sha256,
            String shortHash,
            String kind,
            int width,
            int height,
            int thumbWidth,
            int thumbHeight,
            String size,
            String store,
            String time,
            List<Use> uses,
            boolean hasMoreUses,
            List<Row> variants) {
        private static final int THUMB_SIDE = 160;
        private static final int SHORT = 12;

        static Picture of(Kept kept, List<Reference> uses, VariantSizes variants) {
            double scale = Math.min(1, (double) THUMB_SIDE / Math.max(kept.width(), kept.height()));
            return new Picture(
                    kept.sha256(),
                    kept.sha256().substring(0, SHORT),
                    kept.mediaType().replaceFirst("^image/", "").toUpperCase(Locale.ROOT),
                    kept.width(),
                    kept.height(),
                    (int) Math.max(1, Math.round(kept.width() * scale)),
                    (int) Math.max(1, Math.round(kept.height() * scale)),
                    Texts.bytes(kept.size()),
                    kept.store(),
                    Texts.time(kept.createdAt()),
                    uses.stream()
                            .limit(USES_SHOWN)
                            .map(use -> new Use(use.ownerType(), use.ownerId(), use.role()))
                            .toList(),
                    uses.size() > USES_SHOWN,
                    Row.all(new Sha256(kept.sha256()), variants));
        }
    }

    /** Somebody who uses an image. */
    public record Use(String ownerType, String ownerId, String role) {}

    /** The variants of one size. */
    public record Row(String preset, List<Variant> variants) {
        static List<Row> all(Sha256 image, VariantSizes variants) {
            return Arrays.stream(Preset.values())
                    .map(preset -> new Row(
                            name(preset),
                            variants.formats().stream()
                                    .map(format -> new Variant(
                                            format.extension(),
                                            "/images/%s/%s.%s".formatted(image, name(preset), format.extension()),
                                            variants.of(image, preset, format)
                                                    .map(Texts::bytes)
                                                    .orElse(null)))
                                    .toList()))
                    .toList();
        }

        private static String name(Preset preset) {
            return preset.name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What an image can be had as.
     *
     * @param size null when it was not asked for yet
     */
    public record Variant(
            String format, String link, @Nullable String size) {}

    /** @param found one more than is shown, if there is one more */
    static GalleryPage of(
            Visitor visitor,
            List<Kept> found,
            Map<UUID, List<Reference>> uses,
            VariantSizes variants,
            boolean isFirst,
            String sizeMax) {
        List<Kept> shown = found.stream().limit(PICTURES).toList();
        return new GalleryPage(
                visitor,
                shown.stream()
                        .map(kept -> Picture.of(kept, uses.getOrDefault(kept.id(), List.of()), variants))
                        .toList(),
                variants.formats().stream().map(PictureFormat::extension).toList(),
                isFirst,
                found.size() > PICTURES ? "/gallery?before=" + shown.getLast().id() : null,
                sizeMax);
    }
}
