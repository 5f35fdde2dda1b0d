package dev.holdfast.platform.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DevelopmentKeyTest {
    private static final String KEY = "mp.jwt.verify.publickey.location";

    @ParameterizedTest
    @CsvSource({"local, true", "test, true", "dev, false", "prod, false", "staging, false"})
    void isTrustedInTheLocalProfileAndInTestsAlone(String profile, boolean trusted) throws IOException {
        // Given
        SmallRyeConfig config = config(profile);

        // When
        Optional<String> location = optional(config);

        // Then
        assertThat(location.equals(Optional.of("dev-public-key.pem"))).isEqualTo(trusted);
    }

    /** Without a key of one's own there is none, and a service does not start. */
    private static Optional<String> optional(SmallRyeConfig config) {
        try {
            return config.getOptionalValue(KEY, String.class);
        } catch (NoSuchElementException notSet) {
            return Optional.empty();
        }
    }

    private static SmallRyeConfig config(String profile) throws IOException {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withProfile(profile)
                .withSources(new PropertiesConfigSource(Objects.requireNonNull(
                        DevelopmentKeyTest.class.getResource("/META-INF/microprofile-config.properties"))))
                .build();
    }
}
