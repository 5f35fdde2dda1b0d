package dev.holdfast.media.store;

import dev.holdfast.media.MediaConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;

/** The configuration as the service reads it. */
final class StoreConfigs {
    static final int CONNECTIONS = 8;

    private StoreConfigs() {}

    static MediaConfig.Store of(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .withMapping(MediaConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .withConverter(Duration.class, 100, DurationConverter::parseDuration)
                .build()
                .getConfigMapping(MediaConfig.class)
                .store();
    }

    /** Of a server on this machine. */
    static MediaConfig.Store.S3 s3(int port) {
        return of(Map.of(
                        "media.store.s3.endpoint",
                        "http://127.0.0.1:" + port,
                        "media.store.s3.path-style",
                        "true",
                        "media.store.s3.access-key",
                        "test",
                        "media.store.s3.secret-key",
                        "test",
                        "media.store.s3.timeout",
                        "5s",
                        "media.store.s3.connections",
                        String.valueOf(CONNECTIONS),
                        "media.store.s3.part-length",
                        String.valueOf(5 * 1024 * 1024)))
                .s3();
    }
}
