package dev.holdfast.local;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** All parts: first what stores, then what uses it; stopped the other way round. */
final class Cluster {

    private static final long SHOW_WAIT_EVERY_S = 10;

    private final ClusterConfig config;
    private final Consumer<String> report;
    private final InstantSource clock;
    private final Deque<List<Child>> started = new ArrayDeque<>();
    private boolean stopped;

    Cluster(ClusterConfig config, Consumer<String> report, InstantSource clock) {
        this.config = config;
        this.report = report;
        this.clock = clock;
    }

    /**
     * Returns when every part is ready.
     *
     * @throws CannotStartException when one does not get ready; {@link #stop()} then ends the others
     */
    void start() {
        Layout layout = config.layout();
        startTogether(List.of(
                new DatabasePart(layout, config.postgres().port()),
                new BrokerPart(layout, config.kafka().port())));
        startTogether(config.services().stream()
                .<Part>map(service -> new ServicePart(config, service))
                .toList());
    }

    private void startTogether(List<Part> parts) {
        List<Child> children =
                parts.stream().map(part -> new Child(part, report, clock)).toList();
        synchronized (started) {
            if (stopped) {
                throw new CannotStartException("Stopped while it started");
            }
            started.push(children);
        }
        List<CompletableFuture<Duration>> starts =
                children.stream().map(Child::start).toList();
        for (int index = 0; index < parts.size(); index++) {
            Part part = parts.get(index);
            Duration took = await(part, starts.get(index));
            report.accept("%s is ready (%s, %s s)".formatted(part.name(), part.address(), seconds(took)));
        }
    }

    private Duration await(Part part, CompletableFuture<Duration> start) {
        while (true) {
            try {
                return start.get(SHOW_WAIT_EVERY_S, TimeUnit.SECONDS);
            } catch (TimeoutException slow) {
                report.accept("waiting for %s (%s)".formatted(part.name(), part.address()));
            } catch (CancellationException | CompletionException | InterruptedException e) {
                throw new CannotStartException("Stopped while %s started".formatted(part.name()));
            } catch (ExecutionException e) {
                throw new CannotStartException(
                        String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()));
            }
        }
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1000.0);
    }

    /** Ends all parts in reverse order, each within a bounded time. */
    void stop() {
        while (true) {
            List<Child> children;
            synchronized (started) {
                stopped = true;
                if (started.isEmpty()) {
                    return;
                }
                children = started.pop();
            }
            for (Child child : children.reversed()) {
                report.accept("stopping " + child.name());
            }
            try (ExecutorService together = Executors.newVirtualThreadPerTaskExecutor()) {
                children.forEach(child -> together.execute(child::stop));
            }
        }
    }
}
