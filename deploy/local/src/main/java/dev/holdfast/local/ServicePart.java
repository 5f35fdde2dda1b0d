package dev.holdfast.local;

import dev.holdfast.local.ClusterConfig.ServiceConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** One service, ready when its own health check says so. */
record ServicePart(ClusterConfig cluster, ServiceConfig service) implements Part {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(15);

    @Override
    public String name() {
        return service.name();
    }

    @Override
    public String address() {
        return service.url();
    }

    @Override
    public LogFile log() {
        return cluster.layout().log(name());
    }

    @Override
    public Running start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms384m",
                "-Xmx384m",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                service.jar().toString());
        builder.environment().putAll(environment());
        Process process = builder.directory(cluster.layout().root().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log().prepare().append())
                .start();
        try {
            cluster.layout().pidFile(name()).write(process.toHandle());
            Readiness.await(name(), process, URI.create(service.url() + "/q/health/ready"), log());
        } catch (IOException | RuntimeException e) {
            Signals.terminate(process.toHandle(), STOP_TIMEOUT);
            throw e;
        }
        return new Running(process, () -> Signals.terminate(process.toHandle(), STOP_TIMEOUT));
    }

    private Map<String, String> environment() {
        return Map.of(
                "QUARKUS_PROFILE",
                "local",
                "QUARKUS_HTTP_HOST",
                "127.0.0.1",
                "QUARKUS_HTTP_PORT",
                Integer.toString(service.port().port()),
                "DATABASE_URL",
                "postgresql://localhost:%d/%s".formatted(cluster.postgres().port(), PostgresServer.DATABASE),
                "KAFKA_BOOTSTRAP_SERVERS",
                "localhost:" + cluster.kafka().port());
    }
}
