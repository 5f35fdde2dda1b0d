package dev.holdfast.media.variant;

import dev.holdfast.media.picture.EngineDescription;
import dev.holdfast.media.picture.PictureFormat;
import dev.holdfast.media.store.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * What variants are made with.
 *
 * @param id stands for its name in names of files: another version of it has another one
 */
record Engine(String id, Set<PictureFormat> writes) {
    private static final int ID_DIGITS = 12;

    static Engine of(EngineDescription description) {
        String hash =
                Sha256.of(description.name().getBytes(StandardCharsets.UTF_8)).hex();
        return new Engine(hash.substring(0, ID_DIGITS), description.writes());
    }
}
