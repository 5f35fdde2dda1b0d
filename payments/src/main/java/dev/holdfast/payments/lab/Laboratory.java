package dev.holdfast.payments.lab;

import io.smallrye.mutiny.Multi;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Starts runs and remembers the latest ones. */
final class Laboratory {
    private static final Logger LOG = Logger.getLogger(Laboratory.class);
    private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(200);

    private final Supplier<Pool> pool;
    private final int runsAtOnce;
    private final int runsKept;
    private final Map<UUID, LabRun> runs = new LinkedHashMap<>();
    private int running;

    /** @param pool asked for with the first run */
    Laboratory(Supplier<Pool> pool, int runsAtOnce, int runsKept) {
        this.pool = pool;
        this.runsAtOnce = runsAtOnce;
        this.runsKept = runsKept;
    }

    /** Empty while as many are under way as may be. */
    Optional<LabRun> start(UUID id, Load load) {
        LabRun run;
        synchronized (this) {
            if (running >= runsAtOnce) {
                return Optional.empty();
            }
            run = new LabRun(id, load, pool.get());
            running++;
            runs.put(id, run);
            if (runs.size() > runsKept) {
                runs.remove(runs.keySet().iterator().next());
            }
        }
        run.execute()
                .onTermination()
                .invoke(this::ended)
                .subscribe()
                .with(
                        verdict -> LOG.infof("run %s in mode %s: violated %s", id, load.mode(), verdict.violated()),
                        failure -> LOG.warnf(failure, "run %s did not get to its end", id));
        return Optional.of(run);
    }

    private synchronized void ended() {
        running--;
    }

    synchronized Optional<LabRun> find(UUID id) {
        return Optional.ofNullable(runs.get(id));
    }

    synchronized List<LabRun> latest() {
        return List.copyOf(runs.values()).reversed();
    }

    /** How far it is, until it is over; the last item has the verdict. */
    static Multi<LabRunRepresentation> progress(LabRun run) {
        return Multi.createFrom()
                .ticks()
                .every(PROGRESS_INTERVAL)
                .onOverflow()
                .drop()
                .map(tick -> LabRunRepresentation.of(run))
                .select()
                .first(shown -> shown.verdict() == null && shown.failure() == null)
                .onCompletion()
                .continueWith(() -> List.of(LabRunRepresentation.of(run)));
    }
}
