package dev.holdfast.platform.inbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Wires {@link RecordReceiver} into a service. */
class InboxBeans {
    @Produces
    @Singleton
    @DefaultBean
    RecordReceiver recordReceiver(ReceiverConfig config, MeterRegistry meters) {
        return new RecordReceiver(config, meters);
    }
}
