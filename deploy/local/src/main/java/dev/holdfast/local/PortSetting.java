package dev.holdfast.local;

import java.util.Map;

/**
 * A port and the environment variable that changes it.
 *
 * @param variable for example {@code POSTGRES_PORT}
 */
record PortSetting(String variable, int port) {

    private static final int HIGHEST = 65535;

    static PortSetting read(Map<String, String> environment, String variable, int defaultPort) {
        String value = environment.getOrDefault(variable, "");
        if (value.isBlank()) {
            return new PortSetting(variable, defaultPort);
        }
        try {
            int port = Integer.parseInt(value.strip());
            if (port > 0 && port <= HIGHEST) {
                return new PortSetting(variable, port);
            }
        } catch (NumberFormatException notANumber) {
            // refused below, as a number out of range is
        }
        throw new CannotStartException("%s is '%s'. Give a port between 1 and %d, for example %s=%d."
                .formatted(variable, value, HIGHEST, variable, defaultPort));
    }
}
