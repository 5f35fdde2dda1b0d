package dev.holdfast.local;

import java.nio.file.Path;

/**
 * Where a checkout keeps its cluster.
 *
 * @param root of the checkout
 */
record Layout(Path root) {

    Path postgresData() {
        return root.resolve(".local/postgres");
    }

    Path kafkaData() {
        return root.resolve(".local/kafka");
    }

    LogFile log(String name) {
        return new LogFile(root.resolve(".local/logs").resolve(name + ".log"));
    }

    Path runDirectory() {
        return root.resolve(".local/run");
    }

    PidFile pidFile(String name) {
        return new PidFile(runDirectory().resolve(name + ".pid"));
    }

    /** Has the launcher's process number once everything is ready; the scripts wait for it. */
    Path readyMarker() {
        return runDirectory().resolve("ready");
    }
}
