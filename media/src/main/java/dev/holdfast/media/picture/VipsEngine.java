package dev.holdfast.media.picture;

import static dev.holdfast.media.picture.Vips.Option.integer;
import static dev.holdfast.media.picture.Vips.Option.pointer;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.holdfast.media.picture.PictureResult.Rendered;
import dev.holdfast.media.picture.Vips.Operation;
import dev.holdfast.media.picture.Vips.Option;
import dev.holdfast.media.picture.Vips.VipsException;
import java.io.IOException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * libvips: a JPEG or WebP is shrunk while it is decoded, and rows stream through, so that no picture is in memory as a
 * whole unless its format asks for it. Reads and writes what the installed library does.
 *
 * <p>A JPEG is decoded to the smallest size that is large enough, as other image servers do, too. The library by itself decodes at
 * least twice as many pixels a side and scales those down: of a picture full of fine noise that differs by 37 dB (PSNR), and takes
 * half as long again.
 */
final class VipsEngine implements PictureEngine {
    /** Raised whenever the same library is asked for something else. */
    private static final int RECIPE = 2;

    private static final int SIZE_FORCE = 3;
    private static final int SEQUENTIAL = 1;
    /** A JPEG's blocks have 8 pixels a side. */
    private static final int SHRINK_MAX = 8;

    private static final int FAIL_ON_ERROR = 2;
    /** The same again: 8.14 does not hand the argument on to the loader of a source, and takes half a picture for a whole. */
    private static final String LOADER_OPTIONS = "fail_on=error";

    private static final int SRGB = 22;
    private static final int AV1 = 4;
    private static final int TRUE = 1;
    private static final double WHITE = 255;

    private static final int JPEG_QUALITY = 82;
    private static final int WEBP_QUALITY = 80;
    private static final int AVIF_QUALITY = 50;
    private static final int WEBP_EFFORT = 4;
    /** Half of it takes half the time and half as many bytes again (0.7 s for 1200 pixels); a variant is made once. */
    private static final int AVIF_EFFORT = 4;

    private static final int PNG_COMPRESSION = 6;

    private static final List<MemoryLayout> IN_OUT = List.of(ADDRESS, ADDRESS);
    private static final List<MemoryLayout> IN_OUT_LENGTH = List.of(ADDRESS, ADDRESS, ADDRESS);

    private static final Map<PictureFormat, Loader> LOADERS = Map.of(
            PictureFormat.JPEG, new Loader("VipsForeignLoadJpeg", "jpegload_source"),
            PictureFormat.PNG, new Loader("VipsForeignLoadPng", "pngload_source"),
            PictureFormat.WEBP, new Loader("VipsForeignLoadWebp", "webpload_source"),
            PictureFormat.GIF, new Loader("VipsForeignLoadNsgif", "gifload_source"),
            PictureFormat.AVIF, new Loader("VipsForeignLoadHeif", "heifload_source"));

    private record Loader(String type, String operation) {}

    private record Setting(String name, int value) {}

    private record Saver(Operation operation, List<Integer> values) {}

    private final Vips vips;
    private final Operation thumbnail;
    private final Operation thumbnailOfImage;
    private final Operation jpegLoad;
    private final Operation colourspace;
    private final Operation autorot;
    private final Operation crop;
    private final Operation flatten;
    private final Map<PictureFormat, Saver> savers = new EnumMap<>(PictureFormat.class);
    private final EngineDescription description;

    /** @throws UnsatisfiedLinkError when the library is not installed, or too old */
    VipsEngine() {
        vips = Vips.load(LOADERS.values().stream().map(Loader::type).toList());
        thumbnail = vips.operation(
                "vips_thumbnail_source",
                List.of(ADDRESS, ADDRESS, JAVA_INT),
                integer("height"),
                integer("size"),
                integer("no-rotate"),
                integer("fail-on"),
                pointer("option-string"),
                pointer("export-profile"));
        thumbnailOfImage = vips.operation(
                "vips_thumbnail_image",
                List.of(ADDRESS, ADDRESS, JAVA_INT),
                integer("height"),
                integer("size"),
                integer("no-rotate"),
                pointer("export-profile"));
        jpegLoad = vips.operation(
                "vips_jpegload_source", IN_OUT, integer("shrink"), integer("access"), integer("fail-on"));
        colourspace = vips.operation("vips_colourspace", List.of(ADDRESS, ADDRESS, JAVA_INT));
        autorot = vips.operation("vips_autorot", IN_OUT);
        crop = vips.operation("vips_crop", List.of(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        flatten = vips.operation("vips_flatten", IN_OUT, pointer("background"));
        addSavers();
        description =
                new EngineDescription("libvips %s/%d".formatted(vips.version(), RECIPE), readable(), savers.keySet());
    }

    private void addSavers() {
        addSaver(
                PictureFormat.JPEG,
                "jpegsave_buffer",
                new Setting("Q", JPEG_QUALITY),
                new Setting("optimize-coding", TRUE));
        addSaver(PictureFormat.PNG, "pngsave_buffer", new Setting("compression", PNG_COMPRESSION));
        addSaver(
                PictureFormat.WEBP,
                "webpsave_buffer",
                new Setting("Q", WEBP_QUALITY),
                new Setting("effort", WEBP_EFFORT));
        addSaver(
                PictureFormat.AVIF,
                "heifsave_buffer",
                new Setting("compression", AV1),
                new Setting("Q", AVIF_QUALITY),
                new Setting("effort", AVIF_EFFORT));
    }

    /** A library that was built without a format has its function nevertheless, but not its operation. */
    private void addSaver(PictureFormat format, String name, Setting... settings) {
        if (vips.has(name)) {
            List<Setting> all = Stream.concat(Stream.of(new Setting("strip", TRUE)), Stream.of(settings))
                    .toList();
            Option[] options =
                    all.stream().map(setting -> integer(setting.name())).toArray(Option[]::new);
            savers.put(
                    format,
                    new Saver(
                            vips.operation("vips_" + name, IN_OUT_LENGTH, options),
                            all.stream().map(Setting::value).toList()));
        }
    }

    private Set<PictureFormat> readable() {
        return LOADERS.entrySet().stream()
                .filter(loader -> vips.has(loader.getValue().operation()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public EngineDescription description() {
        return description;
    }

    @Override
    public Rendered render(Path source, PictureHeader header, PictureSpec spec, Path target)
            throws IOException, RefusedException {
        Saver saver = savers.get(spec.format());
        if (saver == null || !description.reads().contains(header.format())) {
            throw EngineRules.unsupported(header, spec);
        }
        byte[] saved;
        RenderPlan plan;
        try (VipsImages images = new VipsImages(vips)) {
            MemorySegment seen = images.open(source.toString());
            plan = EngineRules.plan(header, vips.width(seen), vips.height(seen), spec);
            MemorySegment result = upright(images, scaled(images, source, header.format(), seen, plan), plan);
            if (spec.format() == PictureFormat.JPEG && vips.hasAlpha(result)) {
                result = images.apply(flatten, result, images.arrayOf(WHITE, WHITE, WHITE));
            }
            saved = images.save(saver.operation(), result, saver.values().toArray());
        } catch (VipsException failed) {
            throw RefusedException.broken("its pixels cannot be decoded");
        }
        Files.write(target, saved);
        return new Rendered(spec.format(), plan.width(), plan.height(), saved.length);
    }

    private MemorySegment scaled(
            VipsImages images, Path source, PictureFormat format, MemorySegment seen, RenderPlan plan)
            throws VipsException {
        MemorySegment bytes = images.source(source.toString());
        // without a profile it is sRGB already: through profiles, its black would become grey
        MemorySegment profile = vips.has(seen, "icc-profile-data") ? images.text("srgb") : MemorySegment.NULL;
        int shrink = shrink(vips.width(seen), vips.height(seen), plan);
        if (format == PictureFormat.JPEG && shrink > 1) {
            return images.apply(
                    thumbnailOfImage,
                    images.apply(jpegLoad, bytes, shrink, SEQUENTIAL, FAIL_ON_ERROR),
                    plan.scaledWidth(),
                    plan.scaledHeight(),
                    SIZE_FORCE,
                    TRUE,
                    profile);
        }
        return images.apply(
                thumbnail,
                bytes,
                plan.scaledWidth(),
                plan.scaledHeight(),
                SIZE_FORCE,
                TRUE,
                FAIL_ON_ERROR,
                images.text(LOADER_OPTIONS),
                profile);
    }

    /** The largest power of two by which both sides may be divided. */
    private static int shrink(int width, int height, RenderPlan plan) {
        int most = Math.min(width / plan.scaledWidth(), height / plan.scaledHeight());
        return Integer.highestOneBit(Math.clamp(most, 1, SHRINK_MAX));
    }

    private MemorySegment upright(VipsImages images, MemorySegment scaled, RenderPlan plan) throws VipsException {
        MemorySegment result = images.apply(colourspace, scaled, SRGB);
        if (!plan.isUpright()) {
            // rows come from top to bottom, and turning wants them in another order
            result = images.inMemory(result);
            images.setInt(result, "orientation", plan.orientation());
            result = images.apply(autorot, result);
        }
        if (plan.isCropped()) {
            result = images.apply(crop, result, plan.left(), plan.top(), plan.width(), plan.height());
        }
        return result;
    }
}
