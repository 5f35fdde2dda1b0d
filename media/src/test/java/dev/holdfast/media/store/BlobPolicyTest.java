package dev.holdfast.media.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlobPolicyTest {
    private static final BlobPolicy POLICY = BlobPolicy.of(StoreConfigs.of(Map.of(
            "media.store.backend", "files",
            "media.store.rules[0].media-type", "image/gif",
            "media.store.rules[0].backend", "s3",
            "media.store.rules[1].media-type", "image/*",
            "media.store.rules[1].size-max", "1000",
            "media.store.rules[1].backend", "postgres",
            "media.store.rules[2].size-max", "10",
            "media.store.rules[2].backend", "s3")));

    @ParameterizedTest
    @CsvSource({
        "image/gif, 5000, S3",
        "image/gif, 5, S3",
        "image/png, 1000, POSTGRES",
        "image/png, 1001, FILES",
        "imagery/png, 1000, FILES",
        "text/plain, 10, S3",
        "text/plain, 11, FILES"
    })
    void theFirstRuleThatFitsCounts(String mediaType, long size, Backend backend) {
        assertThat(POLICY.backend(mediaType, size)).isEqualTo(backend);
    }

    @Test
    void withoutRulesAllGoToFiles() {
        assertThat(BlobPolicy.of(StoreConfigs.of(Map.of())).backend("image/png", 1))
                .isEqualTo(Backend.FILES);
    }
}
