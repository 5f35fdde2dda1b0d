package dev.holdfast.media.variant;

import dev.holdfast.media.picture.PictureFormat;
import dev.holdfast.media.picture.PictureSpec;
import dev.holdfast.media.picture.PictureSpec.Fit;
import dev.holdfast.media.store.Sha256;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A size that is no preset.
 *
 * @param format empty leaves it to the {@code Accept} header
 */
record CustomSize(Sha256 image, int width, int height, Fit fit, Optional<PictureFormat> format) {
    static final Set<PictureFormat> FORMATS =
            Set.of(PictureFormat.JPEG, PictureFormat.PNG, PictureFormat.WEBP, PictureFormat.AVIF);

    /** @throws IllegalArgumentException with a text for whoever asked, when there is no such size */
    static CustomSize of(
            Sha256 image,
            @Nullable String width,
            @Nullable String height,
            @Nullable String fit,
            @Nullable String format) {
        var size = new CustomSize(
                image,
                pixels("w", width),
                pixels("h", height),
                fit(fit),
                Optional.ofNullable(format).map(CustomSize::format));
        size.in(PictureFormat.JPEG);
        return size;
    }

    PictureSpec in(PictureFormat any) {
        return new PictureSpec(width, height, fit, any);
    }

    /** What is signed: the same for the same size of the same image, however it was written, and different for any other. */
    String canonical() {
        return String.join(
                "\n",
                "holdfast variant 1",
                image.hex(),
                Integer.toString(width),
                Integer.toString(height),
                name(fit),
                format.map(PictureFormat::extension).orElse("*"));
    }

    /** Where it is served. */
    String path(String signature) {
        return "/images/%s/custom?w=%d&h=%d&fit=%s%s&s=%s"
                .formatted(
                        image,
                        width,
                        height,
                        name(fit),
                        format.map(one -> "&format=" + one.extension()).orElse(""),
                        signature);
    }

    private static String name(Fit fit) {
        return fit.name().toLowerCase(Locale.ROOT);
    }

    private static int pixels(String name, @Nullable String text) {
        try {
            return text == null ? 0 : Integer.parseInt(text);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("%s is a number of pixels.".formatted(name), notANumber);
        }
    }

    private static Fit fit(@Nullable String text) {
        return Arrays.stream(Fit.values())
                .filter(fit -> text == null ? fit == Fit.CONTAIN : name(fit).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("fit is contain or cover."));
    }

    private static PictureFormat format(String text) {
        return FORMATS.stream()
                .filter(format -> format.extension().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("format is one of %s, or left out."
                        .formatted(FORMATS.stream()
                                .map(PictureFormat::extension)
                                .sorted()
                                .collect(Collectors.joining(", ")))));
    }
}
