package dev.holdfast.bench;

import dev.holdfast.local.Topics;
import dev.holdfast.testkit.JavaProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A service as it is delivered, in a process of its own, with the memory that the local cluster gives it. */
public final class ServiceProcess {
    private ServiceProcess() {}

    /**
     * @param name of the service's module
     * @param settings environment variables
     */
    public static JavaProcess start(Servers servers, String name, int httpPort, Map<String, String> settings)
            throws IOException {
        Topics.create(servers.bootstrapServers());
        var environment = new HashMap<>(Map.of(
                "QUARKUS_PROFILE",
                "local",
                "QUARKUS_HTTP_HOST",
                "127.0.0.1",
                "QUARKUS_HTTP_PORT",
                Integer.toString(httpPort),
                "DATABASE_URL",
                servers.postgresUrl(),
                "KAFKA_BOOTSTRAP_SERVERS",
                servers.bootstrapServers()));
        environment.putAll(settings);
        return JavaProcess.start(
                List.of(
                        "-Xms384m",
                        "-Xmx384m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-jar",
                        Path.of(name, "target/quarkus-app/quarkus-run.jar").toString()),
                environment,
                servers.directory().resolve(name + ".log"));
    }

    /** Ends it as a deployment would. */
    public static void stop(JavaProcess process) {
        try {
            process.stop();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            process.close();
        }
    }
}
