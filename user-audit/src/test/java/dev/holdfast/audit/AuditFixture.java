package dev.holdfast.audit;

import dev.holdfast.audit.key.KeyRing;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Map;

/** What tests without Quarkus have in common. */
public final class AuditFixture {
    /** As in profile local. */
    public static final AuditConfig CONFIG = new SmallRyeConfigBuilder()
            .withMapping(AuditConfig.class)
            .withSources(new PropertiesConfigSource(
                    Map.of(
                            "audit.keys.current", "first",
                            "audit.keys.wrapping.first", "bG9jYWwtb25seS1sb2NhbC1vbmx5LWxvY2FsLW9ubHk=",
                            "audit.keys.wrapping.second", "c2Vjb25kLW9ubHktc2Vjb25kLW9ubHktc2Vjb25kLTE=",
                            "audit.keys.lookup", "bG9jYWwtbG9va3VwLWxvY2FsLWxvb2t1cC1sb2NhbCE=",
                            "audit.sealer.signing-key",
                                    "MC4CAQAwBQYDK2VwBCIEIGxvY2FsLXNpZ25pbmctbG9jYWwtc2lnbmluZy1rZXkt"),
                    "test",
                    100))
            .withConverter(Duration.class, 100, DurationConverter::parseDuration)
            .build()
            .getConfigMapping(AuditConfig.class);

    public static final KeyRing KEYS = KeyRing.of(CONFIG.keys());

    private AuditFixture() {}

    public static <T> T await(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(30));
    }
}
