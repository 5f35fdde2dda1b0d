package dev.holdfast.media.variant;

import dev.holdfast.media.picture.PictureFormat;
import dev.holdfast.media.picture.PictureSpec;
import dev.holdfast.media.picture.PictureSpec.Fit;
import dev.holdfast.media.store.Sha256;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One that has been made. All of this is in the name of its file, so that a directory is all the cache needs to know:
 * {@code aa/<image>.<width>x<height>-<fit>.<engine>.<size>.<digest>.<copy>.<extension>}.
 *
 * @param size in bytes
 * @param digest the first half of the SHA-256 hash of its bytes; where the file has other bytes, it is torn
 * @param copy another one each time that it is made, so that the late end of an old file does not hit the new one
 */
record Variant(VariantKey key, long size, String digest, String copy) {
    private static final int FOLDER_DIGITS = 2;
    private static final int DIGEST_DIGITS = 32;
    private static final Pattern NAME = Pattern.compile("(?<image>[0-9a-f]{64})"
            + "\\.(?<width>\\d{1,5})x(?<height>\\d{1,5})-(?<fit>[a-z]+)"
            + "\\.(?<engine>[0-9a-f]{12})\\.(?<size>\\d{1,18})\\.(?<digest>[0-9a-f]{32})\\.(?<copy>[0-9a-f]{16})"
            + "\\.(?<extension>[a-z0-9]+)");

    static String digest(Sha256 hash) {
        return hash.hex().substring(0, DIGEST_DIGITS);
    }

    static String nextCopy() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    PictureFormat format() {
        return key.spec().format();
    }

    /** In which directory of the cache its file is. */
    String folder() {
        return key.image().hex().substring(0, FOLDER_DIGITS);
    }

    String fileName() {
        PictureSpec spec = key.spec();
        return key.image() + "." + spec.width() + "x" + spec.height() + "-"
                + spec.fit().name().toLowerCase(Locale.ROOT) + "." + key.engine() + "." + size + "." + digest + "."
                + copy + "." + format().extension();
    }

    /** Empty for what is not exactly a name of ours. */
    static Optional<Variant> parse(String fileName) {
        Matcher name = NAME.matcher(fileName);
        if (!name.matches()) {
            return Optional.empty();
        }
        try {
            PictureFormat format = Arrays.stream(PictureFormat.values())
                    .filter(one -> one.extension().equals(name.group("extension")))
                    .findFirst()
                    .orElseThrow(IllegalArgumentException::new);
            var spec = new PictureSpec(
                    Integer.parseInt(name.group("width")),
                    Integer.parseInt(name.group("height")),
                    Fit.valueOf(name.group("fit").toUpperCase(Locale.ROOT)),
                    format);
            var variant = new Variant(
                    new VariantKey(new Sha256(name.group("image")), spec, name.group("engine")),
                    Long.parseLong(name.group("size")),
                    name.group("digest"),
                    name.group("copy"));
            return variant.fileName().equals(fileName) ? Optional.of(variant) : Optional.empty();
        } catch (IllegalArgumentException noSuchSpec) {
            return Optional.empty();
        }
    }
}
