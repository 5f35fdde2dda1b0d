package dev.holdfast.payments.lab;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What can be set of the laboratory. */
@ConfigMapping(prefix = "payments.lab")
public interface LabConfig {
    /** Whether it is there at all. In production it is not: a run keeps the database busy on purpose. */
    @WithDefault("false")
    boolean enabled();

    /** Clients of one run, each with a connection. */
    @WithDefault("32")
    int clientsMax();

    /** Accounts of one run. */
    @WithDefault("10000")
    int accountsMax();

    /** Transfers of one run. Each leaves about six steps in memory until the run is judged. */
    @WithDefault("20000")
    int transfersMax();

    /** Runs at once. */
    @WithDefault("1")
    int runsAtOnce();

    /** Runs that are remembered; the oldest are forgotten. */
    @WithDefault("50")
    int runsKept();
}
