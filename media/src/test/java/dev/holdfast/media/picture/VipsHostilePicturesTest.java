package dev.holdfast.media.picture;

import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;

class VipsHostilePicturesTest extends HostilePicturesContract {
    @BeforeAll
    static void isInstalled() {
        VipsLibrary.assume();
    }

    @Override
    EngineChoice engine() {
        return EngineChoice.VIPS;
    }

    @Override
    Stream<byte[]> samples() {
        return Stream.concat(super.samples(), Stream.of(SamplePictures.avif()));
    }
}
