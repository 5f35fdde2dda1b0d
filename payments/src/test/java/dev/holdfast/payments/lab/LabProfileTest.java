package dev.holdfast.payments.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run keeps the database busy on purpose: in production there is none, not even its data source. */
class LabProfileTest {
    @ParameterizedTest
    @CsvSource({"local, true", "dev, true", "test, true", "prod, false", "staging, false"})
    void isThereInLocalProfilesAlone(String profile, boolean there) throws IOException {
        // Given
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withProfile(profile)
                .withMapping(LabConfig.class)
                .withSources(new PropertiesConfigSource(
                        Objects.requireNonNull(LabConfig.class.getResource("/application.properties"))))
                .withValidateUnknown(false)
                .build();

        // When / Then
        assertThat(config.getConfigMapping(LabConfig.class).enabled()).isEqualTo(there);
        assertThat(config.getValue("quarkus.datasource.lab.active", Boolean.class))
                .isEqualTo(there);
        assertThat(config.getValue("quarkus.flyway.lab.active", Boolean.class)).isEqualTo(there);
    }
}
