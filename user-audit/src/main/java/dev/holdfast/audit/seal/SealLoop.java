package dev.holdfast.audit.seal;

import dev.holdfast.audit.AuditConfig;
import dev.holdfast.audit.email.EmailAppender;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Seals when something was added here, and looks now and then for what others have added. One batch at a time; what comes
 * meanwhile is the next one.
 */
@ApplicationScoped
class SealLoop {
    private static final Logger LOG = Logger.getLogger(SealLoop.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final Sealer sealer;
    private final SealStatus status;
    private final AuditConfig.Sealer config;
    private final Vertx vertx;
    private boolean running;
    private boolean again;
    private volatile boolean stopped;

    SealLoop(Sealer sealer, SealStatus status, AuditConfig config, Vertx vertx) {
        this.sealer = sealer;
        this.status = status;
        this.config = config.sealer();
        this.vertx = vertx;
    }

    void start(@Observes StartupEvent started) {
        if (config.enabled()) {
            vertx.setPeriodic(config.pollInterval().toMillis(), tick -> wake());
        }
    }

    void stop(@Observes ShutdownEvent stopping) {
        stopped = true;
    }

    void added(@Observes EmailAppender.Appended event) {
        if (config.enabled()) {
            wake();
        }
    }

    private void wake() {
        synchronized (this) {
            if (running || stopped) {
                again = true;
                return;
            }
            running = true;
            again = false;
        }
        run();
    }

    private void run() {
        sealer.seal()
                .invoke(status::sealed)
                .subscribe()
                .with(
                        count -> pause(count == config.batchSize() ? Duration.ZERO : config.pause(), count > 0),
                        failure -> {
                            if (!stopped) {
                                status.failed(failure);
                                LOG.logf(
                                        failure instanceof ForkedTreeException ? Logger.Level.ERROR : Logger.Level.WARN,
                                        "Nothing is sealed, trying again in %s: %s",
                                        PAUSE_AFTER_FAILURE,
                                        failure);
                            }
                            pause(PAUSE_AFTER_FAILURE, true);
                        });
    }

    private void pause(Duration pause, boolean goOn) {
        vertx.setTimer(Math.max(1, pause.toMillis()), due -> {
            synchronized (this) {
                if (stopped || (!goOn && !again)) {
                    running = false;
                    return;
                }
                again = false;
            }
            run();
        });
    }
}
