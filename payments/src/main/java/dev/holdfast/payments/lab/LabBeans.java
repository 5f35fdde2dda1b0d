package dev.holdfast.payments.lab;

import io.quarkus.arc.InjectableInstance;
import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Wires the laboratory to a pool of its own, so that a run takes no connection from real money. */
class LabBeans {
    @Produces
    @Singleton
    Laboratory laboratory(@ReactiveDataSource("lab") InjectableInstance<Pool> pool, LabConfig config) {
        return new Laboratory(pool::get, config.runsAtOnce(), config.runsKept());
    }
}
