package dev.holdfast.platform.postgres;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.DefaultBean;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.random.RandomGenerator;

/** Wires {@link Transactions} into a service. */
class PostgresBeans {
    @Produces
    @Singleton
    @DefaultBean
    TransactionRetry transactionRetry(RetryConfig config, MeterRegistry meters) {
        return new TransactionRetry(config, RandomGenerator.getDefault(), meters);
    }

    @Produces
    @Singleton
    @DefaultBean
    Transactions transactions(Pool pool, TransactionRetry retry) {
        return new Transactions(pool, retry);
    }
}
