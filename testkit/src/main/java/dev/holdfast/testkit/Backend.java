package dev.holdfast.testkit;

import java.util.Locale;

/** Where the run's servers come from, chosen by {@code -Dtestkit.backend=embedded|containers|existing}. */
enum Backend {
    /** Processes on this machine, from binaries in Maven artifacts. The default; needs nothing installed. */
    EMBEDDED,
    /** Testcontainers; needs Docker. */
    CONTAINERS,
    /**
     * Servers that run already, named by {@code testkit.postgres.url} ({@code postgresql://host:port/database}),
     * {@code testkit.postgres.admin-password} and {@code testkit.kafka}.
     */
    EXISTING;

    static Backend chosen() {
        String name = System.getProperty("testkit.backend", "embedded");
        try {
            return valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new IllegalArgumentException(
                    "testkit.backend is '%s'; it must be embedded, containers or existing".formatted(name), unknown);
        }
    }
}
