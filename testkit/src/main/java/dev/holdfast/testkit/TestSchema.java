package dev.holdfast.testkit;

import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;

/**
 * A schema for one test, owned by {@code todo_owner} and used by {@code todo_app} under the same rules as in
 * production: the one migrates, the other has what the migrations grant.
 *
 * @param name unique for ever
 */
public record TestSchema(String name) {
    private static final String OWNER = "todo_owner";
    private static final String USER = "todo_app";

    static TestSchema create() {
        var schema = new TestSchema("t_" + UUID.randomUUID().toString().replace("-", ""));
        schema.execute(TestServers.adminJdbcUrl(), """
                CREATE SCHEMA %1$s AUTHORIZATION %2$s;
                GRANT USAGE ON SCHEMA %1$s TO %3$s;
                """.formatted(schema.name, OWNER, USER));
        return schema;
    }

    /** Runs all scripts of these class path locations, such as {@code db/migration}, in the order of their versions. */
    public TestSchema migrate(String... locations) {
        Flyway.configure()
                .dataSource(ownerJdbcUrl(), OWNER, OWNER)
                .schemas(name)
                .locations(locations)
                .placeholders(Map.of("appRole", USER))
                .load()
                .migrate();
        return this;
    }

    /** For the Vert.x client: {@code postgresql://...} with the role of a running service. */
    public String url() {
        return "%s?search_path=%s,extensions&user=%s&password=%s"
                .formatted(TestServers.postgresUrl(), name, USER, USER);
    }

    /** For JDBC, with the role of a running service. */
    public String jdbcUrl() {
        return "jdbc:%s?currentSchema=%s,extensions&user=%s&password=%s"
                .formatted(TestServers.postgresUrl(), name, USER, USER);
    }

    private String ownerJdbcUrl() {
        return "jdbc:%s?currentSchema=%s,extensions".formatted(TestServers.postgresUrl(), name);
    }

    /** Runs statements as the schema's owner. */
    public void execute(String sql) {
        execute(ownerJdbcUrl() + "&user=%s&password=%s".formatted(OWNER, OWNER), sql);
    }

    /** Runs statements as a superuser of the server, with this schema on the search path. */
    public void executeAsAdmin(String sql) {
        execute(TestServers.adminJdbcUrl() + "&currentSchema=" + name, sql);
    }

    /** A connection with the role of a running service. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl());
    }

    /** As a service has it; to be closed by the test. */
    public Pool openPool(int connectionsMax) {
        Pool pool = Pool.newInstance(PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(connectionsMax))
                .connectingTo(PgConnectOptions.fromUri(url()).setCachePreparedStatements(true))
                .build());
        // before a race begins: the first use of the reactive libraries in a JVM must not come from two threads at once
        pool.query("SELECT 1").execute().await().atMost(Duration.ofSeconds(30));
        return pool;
    }

    private void execute(String jdbcUrl, String sql) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException("%s (in %s)".formatted(failed.getMessage(), sql.strip()), failed);
        }
    }
}
