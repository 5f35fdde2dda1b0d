package dev.holdfast.bench;

import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.flywaydb.core.Flyway;

/**
 * A service's schema as new: its own scripts, its own two roles.
 *
 * @param url of the database
 * @param name of the schema, and the beginning of the roles' names
 */
public record Schema(String url, String name) {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

    /**
     * Drops whatever is in the schema and runs the scripts again.
     *
     * @param locations of scripts on the class path
     */
    public static Schema fresh(Servers servers, String name, String... locations) {
        var schema = new Schema(servers.postgresUrl(), name);
        Flyway flyway = Flyway.configure()
                .dataSource("jdbc:" + schema.url, schema.owner(), schema.owner())
                .schemas(name)
                .createSchemas(false)
                .locations(locations)
                .placeholders(Map.of("appRole", schema.user()))
                .cleanDisabled(false)
                .load();
        flyway.clean();
        flyway.migrate();
        return schema;
    }

    /** Drops whatever is in the schema, for a service that migrates it when it starts. */
    public static Schema empty(Servers servers, String name) {
        var schema = new Schema(servers.postgresUrl(), name);
        Flyway.configure()
                .dataSource("jdbc:" + schema.url, schema.owner(), schema.owner())
                .schemas(name)
                .createSchemas(false)
                .cleanDisabled(false)
                .load()
                .clean();
        return schema;
    }

    /** The role that migrates; its password is its name. */
    public String owner() {
        return name + "_owner";
    }

    /** The role of the running service. */
    public String user() {
        return name + "_app";
    }

    /** For JDBC, as the running service. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:" + url, user(), user());
    }

    /** For JDBC, as the role that migrates. */
    public Connection connectAsOwner() throws SQLException {
        return DriverManager.getConnection("jdbc:" + url, owner(), owner());
    }

    /** Runs statements as the schema's owner. */
    public void execute(String sql) throws SQLException {
        try (Connection connection = connectAsOwner();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** As a service has it; closed by the caller. */
    public Pool openPool(int connectionsMax) {
        Pool pool = Pool.newInstance(PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(connectionsMax))
                .connectingTo(PgConnectOptions.fromUri(url)
                        .setUser(user())
                        .setPassword(user())
                        .setCachePreparedStatements(true)
                        .setPreparedStatementCacheSqlFilter(sql -> true))
                .build());
        // the first use of the reactive libraries in a JVM must not come from two threads at once
        pool.query("SELECT 1").execute().await().atMost(CONNECT_TIMEOUT);
        return pool;
    }
}
