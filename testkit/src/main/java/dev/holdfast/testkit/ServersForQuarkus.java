package dev.holdfast.testkit;

import dev.holdfast.local.Topics;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Points the service under test to the run's servers: {@code @QuarkusTestResource(ServersForQuarkus.class)}. */
public final class ServersForQuarkus implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        Topics.create(TestServers.kafka());
        return Map.of(
                "DATABASE_URL", TestServers.postgresUrl(),
                "KAFKA_BOOTSTRAP_SERVERS", TestServers.kafka());
    }

    /** The servers stay for the other tests of the run. */
    @Override
    public void stop() {}
}
