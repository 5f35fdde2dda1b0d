package dev.holdfast.platform.postgres;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnectOptions;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How a service reaches its database.
 *
 * <p>Statements of any length are prepared once per connection. The client's default is to leave those of 2,048 characters
 * and more alone, and the longest ones, whose planning takes longer than their work, would be parsed and planned each time.
 *
 * <p>Nobody waits for a connection for more than a few seconds: a caller who is told to come again can be helped by another
 * instance, one who waits cannot.
 */
@Singleton
class ServicePool implements PgPoolCreator {
    private static final int WAIT_MAX_SECONDS = 3;

    @Override
    public Pool create(Input input) {
        input.pgConnectOptionsList().forEach(options -> options.setPreparedStatementCacheSqlFilter(sql -> true));
        return PgBuilder.pool()
                .with(input.poolOptions()
                        .setConnectionTimeout(WAIT_MAX_SECONDS)
                        .setConnectionTimeoutUnit(TimeUnit.SECONDS))
                .connectingTo(List.<SqlConnectOptions>copyOf(input.pgConnectOptionsList()))
                .using(input.vertx())
                .build();
    }
}
