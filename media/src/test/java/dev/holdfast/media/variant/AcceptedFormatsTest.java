package dev.holdfast.media.variant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.media.picture.PictureFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptedFormatsTest {
    private static final Set<PictureFormat> ALL =
            Set.of(PictureFormat.JPEG, PictureFormat.PNG, PictureFormat.WEBP, PictureFormat.AVIF);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // what browsers send for a picture
                "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8 | image/jpeg | WEBP",
                "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5 | image/png | WEBP",
                "image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5 | image/jpeg | PNG",
                // what programs send
                "*/* | image/jpeg | JPEG",
                "| image/jpeg | JPEG",
                "'' | image/png | PNG",
                "image/* | image/gif | PNG",
                "*/* | image/webp | JPEG",
                // what is wished for
                "image/webp;q=0.3, image/avif | image/jpeg | AVIF",
                "IMAGE/WebP ; q=0.9, image/jpeg;q=0.5 | image/jpeg | WEBP",
                "image/webp;q=0, */* | image/jpeg | JPEG",
                "image/jpeg;q=0, */* | image/jpeg | PNG",
                "image/png | image/jpeg | PNG",
                "image/webp;q=high, image/png;q=0.1 | image/jpeg | PNG",
                // what is none of ours
                "text/html | image/jpeg | JPEG",
                "image/png;q=0, image/jpeg;q=0 | image/png | PNG",
                ",;,=;q | image/png | PNG",
            })
    void likesWhatTheClientLikes(@Nullable String accept, String original, PictureFormat expected) {
        assertThat(AcceptedFormats.best(accept, original, ALL)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"image/avif,image/webp,*/*;q=0.8 | JPEG", "image/webp | JPEG", "image/webp,image/png;q=0.1 | PNG"})
    void offersOnlyWhatIsWritten(String accept, PictureFormat expected) {
        assertThat(AcceptedFormats.best(accept, "image/jpeg", Set.of(PictureFormat.JPEG, PictureFormat.PNG)))
                .isEqualTo(expected);
    }
}
