package dev.holdfast.product.vendor;

import dev.holdfast.product.ProductConfig;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Wires the plain classes. */
class VendorBeans {
    @Produces
    @Singleton
    VendorDirectory directory(Pool pool, ProductConfig config, Clock clock) {
        var store = new VendorStore(config.vendors().schema());
        return new VendorDirectory(
                () -> store.all(pool),
                clock,
                config.vendors().recheckAfter(),
                config.vendors().patience(),
                Infrastructure::canCallerThreadBeBlocked);
    }
}
