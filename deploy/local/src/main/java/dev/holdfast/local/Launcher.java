package dev.holdfast.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * Runs the cluster of a checkout: {@code up} until a signal ends it, {@code stop} ends one that runs elsewhere, {@code status} shows
 * it. {@code make} calls it.
 *
 * <p>Exit code 0 after an orderly stop, 1 when the cluster does not start; the reason is on standard error.
 */
final class Launcher {

    private static final Duration STOP_TIMEOUT = Duration.ofMinutes(2);

    private final Layout layout;

    private Launcher(Layout layout) {
        this.layout = layout;
    }

    public static void main(String[] args) throws IOException {
        Launcher launcher = new Launcher(new Layout(Path.of("").toAbsolutePath()));
        String command = args.length == 1 ? args[0] : "";
        try {
            switch (command) {
                case "up" -> launcher.up();
                case "stop" -> launcher.stop();
                case "status" -> launcher.status();
                default -> throw new CannotStartException("Say up, stop or status.");
            }
        } catch (CannotStartException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private void up() throws IOException {
        ClusterConfig config = ClusterConfig.read(layout.root(), System.getenv());
        RunLock lock = RunLock.acquire(layout).orElseThrow(this::alreadyRunning);
        lock.sign(layout);
        Files.deleteIfExists(layout.readyMarker());
        LeftOvers.stop(layout, Launcher::say);
        config.refuseBusyPorts();

        Cluster cluster = new Cluster(config, Launcher::say, InstantSource.system());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> shutDown(cluster, lock), "stop-cluster"));
        cluster.start();
        System.out.println(Banner.of(config));
        Files.writeString(layout.readyMarker(), ProcessHandle.current().pid() + "\n");
        untilSignalled();
    }

    private CannotStartException alreadyRunning() {
        String process = RunLock.holder(layout)
                .map(holder -> " (process " + holder.pid() + ")")
                .orElse("");
        return new CannotStartException(
                "This checkout's cluster already runs%s. `make status` shows it, `make stop` ends it."
                        .formatted(process));
    }

    private void shutDown(Cluster cluster, RunLock lock) {
        try (lock) {
            Files.deleteIfExists(layout.readyMarker());
            cluster.stop();
            say("stopped; the data stays in .local/");
        } catch (IOException e) {
            say("cannot remove a file in %s: %s".formatted(layout.runDirectory(), e.getMessage()));
        }
    }

    private static void untilSignalled() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop() throws IOException {
        Optional<ProcessHandle> holder = RunLock.holder(layout);
        if (holder.isPresent()) {
            say("stopping the cluster");
            holder.get().destroy();
            if (!Signals.awaitExit(holder.get(), STOP_TIMEOUT)) {
                throw new CannotStartException(
                        "The launcher (process %d) does not end; see `make logs`, then end it with kill -9 %1$d."
                                .formatted(holder.get().pid()));
            }
            say("stopped; the data stays in .local/");
        } else if (!LeftOvers.stop(layout, Launcher::say)) {
            say("nothing runs");
        }
    }

    private void status() {
        ClusterConfig config = ClusterConfig.read(layout.root(), System.getenv());
        boolean runs = RunLock.holder(layout).isPresent();
        say(runs ? "the cluster runs" : "the cluster does not run; `make up` or `make start` starts it");
        if (!runs) {
            return;
        }
        show(
                "postgres",
                "localhost:" + config.postgres().port(),
                !Ports.isFree(config.postgres().port()));
        show(
                "kafka",
                "localhost:" + config.kafka().port(),
                !Ports.isFree(config.kafka().port()));
        try (HttpClient client = HttpClient.newHttpClient()) {
            config.services()
                    .forEach(service -> show(
                            service.name(),
                            service.url(),
                            Readiness.isReady(client, URI.create(service.url() + "/q/health/ready"))));
        }
    }

    private static void show(String name, String address, boolean ready) {
        System.out.printf("  %-15s %-23s %s%n", name, address, ready ? "ready" : "not ready");
    }

    private static void say(String line) {
        System.out.println("  " + line);
    }
}
