package dev.holdfast.platform.outbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/** Wires the outbox into a service, and runs the relay for as long as the service lives. */
@Singleton
class OutboxBeans {
    private final Pool pool;
    private final OutboxConfig config;
    private final Map<String, Object> kafka;
    private final MeterRegistry meters;
    private final Clock clock;
    private @Nullable Producer<String, byte[]> producer;
    private volatile @Nullable OutboxRelay relay;

    OutboxBeans(
            Pool pool,
            OutboxConfig config,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            MeterRegistry meters,
            Clock clock) {
        this.pool = pool;
        this.config = config;
        this.kafka = kafka;
        this.meters = meters;
        this.clock = clock;
    }

    void start(@Observes StartupEvent started) {
        if (config.relayEnabled()) {
            producer = RelayProducer.create(kafka);
            var newRelay = new OutboxRelay(
                    pool,
                    producer,
                    config,
                    "%s/%d".formatted(config.source(), ProcessHandle.current().pid()),
                    meters,
                    clock);
            newRelay.start();
            relay = newRelay;
        }
    }

    @Produces
    @Singleton
    @DefaultBean
    Outbox outbox() {
        return new Outbox(() -> {
            OutboxRelay running = relay;
            if (running != null) {
                running.wake();
            }
        });
    }

    /** Before the pool is closed, so that the leases can be handed back. */
    void stop(@Observes ShutdownEvent stopping) {
        if (relay != null) {
            relay.close();
        }
        if (producer != null) {
            producer.close(Duration.ZERO);
        }
    }
}
