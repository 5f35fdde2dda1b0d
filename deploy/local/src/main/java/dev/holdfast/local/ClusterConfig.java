package dev.holdfast.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What runs on this machine, and on which ports.
 *
 * @param services those that are built; the others are left out
 */
record ClusterConfig(Layout layout, PortSetting postgres, PortSetting kafka, List<ServiceConfig> services) {

    private static final int POSTGRES_PORT = 15432;
    private static final int KAFKA_PORT = 19092;

    private static final List<String> SERVICES = List.of("product-ingest", "user-audit", "payments", "media", "todo");
    private static final int FIRST_SERVICE_PORT = 8081;

    /** One service. */
    record ServiceConfig(String name, PortSetting port, Path jar) {

        String url() {
            return "http://localhost:" + port.port();
        }
    }

    /**
     * Reads ports from variables such as {@code POSTGRES_PORT} and {@code PRODUCT_INGEST_PORT}.
     *
     * @throws CannotStartException when a variable is not a port, or two are the same
     */
    static ClusterConfig read(Path root, Map<String, String> environment) {
        List<ServiceConfig> services = new ArrayList<>();
        for (int index = 0; index < SERVICES.size(); index++) {
            String name = SERVICES.get(index);
            String variable = name.toUpperCase(Locale.ROOT).replace('-', '_') + "_PORT";
            PortSetting port = PortSetting.read(environment, variable, FIRST_SERVICE_PORT + index);
            Path jar = root.resolve(name).resolve("target/quarkus-app/quarkus-run.jar");
            if (Files.exists(jar)) {
                services.add(new ServiceConfig(name, port, jar));
            }
        }
        ClusterConfig config = new ClusterConfig(
                new Layout(root),
                PortSetting.read(environment, "POSTGRES_PORT", POSTGRES_PORT),
                PortSetting.read(environment, "KAFKA_PORT", KAFKA_PORT),
                List.copyOf(services));
        config.refuseSamePorts();
        return config;
    }

    ClusterConfig withoutServices() {
        return new ClusterConfig(layout, postgres, kafka, List.of());
    }

    private void refuseSamePorts() {
        Map<Integer, String> variables = new HashMap<>();
        for (PortSetting setting : ports()) {
            String other = variables.put(setting.port(), setting.variable());
            if (other != null) {
                throw new CannotStartException("%s and %s are both %d. Give one of them another port."
                        .formatted(other, setting.variable(), setting.port()));
            }
        }
    }

    /** @throws CannotStartException that names every port that is taken, and the variable that changes it */
    void refuseBusyPorts() {
        List<String> busy = ports().stream()
                .filter(setting -> !Ports.isFree(setting.port()))
                .map(setting -> "  port %d is busy; end what listens there, or choose another with %s=<port>"
                        .formatted(setting.port(), setting.variable()))
                .toList();
        if (!busy.isEmpty()) {
            throw new CannotStartException(
                    "Nothing was started:%n%s".formatted(String.join(System.lineSeparator(), busy)));
        }
    }

    private List<PortSetting> ports() {
        return Stream.concat(Stream.of(postgres, kafka), services.stream().map(ServiceConfig::port))
                .toList();
    }
}
