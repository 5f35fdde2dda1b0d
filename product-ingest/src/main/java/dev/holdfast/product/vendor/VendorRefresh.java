package dev.holdfast.product.vendor;

import dev.holdfast.product.ProductConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * Keeps the directory up to date. The first reading ends before anything can arrive, and without one the service does
 * not start: it would have to refuse or accept everybody.
 */
@ApplicationScoped
class VendorRefresh {
    private static final Logger LOG = Logger.getLogger(VendorRefresh.class);

    /** Before the channels, which start at 1,000. */
    private static final int BEFORE_THE_FEED = 500;

    private final VendorDirectory directory;
    private final ProductConfig.Vendors config;
    private Cancellable ticks = () -> {};

    VendorRefresh(VendorDirectory directory, ProductConfig config) {
        this.directory = directory;
        this.config = config.vendors();
    }

    void start(@Observes @Priority(BEFORE_THE_FEED) StartupEvent event) {
        // the thread that starts the service has nothing else to do
        directory
                .firstReading(config.firstReading())
                .subscribeAsCompletionStage()
                .join();
        ticks = Multi.createFrom()
                .ticks()
                .startingAfter(config.refresh())
                .every(config.refresh())
                .onOverflow()
                .drop()
                .onItem()
                .transformToUniAndConcatenate(tick -> directory.refresh())
                .subscribe()
                .with(done -> {}, failure -> LOG.error("Vendors are not refreshed any more", failure));
    }

    void stop(@Observes ShutdownEvent event) {
        ticks.cancel();
    }
}
