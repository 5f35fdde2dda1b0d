package dev.holdfast.testkit;

import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    private static final String CATALOGUE = """
            SELECT replace(line, '$schema.', '') FROM (
              SELECT format('column %s.%s %s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                            a.attnotnull, pg_get_expr(d.adbin, d.adrelid), c.reloptions) AS line
                FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
               WHERE c.relnamespace = '$schema'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND a.attnum > 0
                 AND NOT a.attisdropped AND c.relname <> 'flyway_schema_history'
              UNION ALL
              SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
                FROM pg_constraint WHERE connamespace = '$schema'::regnamespace AND conname NOT LIKE 'flyway%'
              UNION ALL
              SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = '$schema' AND tablename <> 'flyway_schema_history'
              UNION ALL
              SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = '$schema'::regnamespace
              UNION ALL
              SELECT format('grant %s %s %s', table_name, grantee, privilege_type)
                FROM information_schema.role_table_grants
               WHERE table_schema = '$schema' AND table_name <> 'flyway_schema_history'
            ) AS lines WHERE line NOT LIKE '%flyway%' ORDER BY 1
            """;

    /** For tests that the extension does not reach. */
    public static TestSchema create() {
        var schema = new TestSchema("t_" + UUID.randomUUID().toString().replace("-", ""));
        schema.execute(TestServers.adminJdbcUrl(), """
                CREATE SCHEMA %1$s AUTHORIZATION %2$s;
                GRANT USAGE ON SCHEMA %1$s TO %3$s;
                """.formatted(schema.name, OWNER, USER));
        return schema;
    }

    /** Runs all scripts of these class path locations, such as {@code db/migration}, in the order of their versions. */
    public TestSchema migrate(String... locations) {
        return migrateTo("latest", locations);
    }

    /** The same up to a version, which is included. */
    public TestSchema migrateTo(String version, String... locations) {
        Flyway.configure()
                .dataSource(ownerJdbcUrl(), null, null)
                .schemas(name)
                .locations(locations)
                .target(version)
                .outOfOrder(true)
                .placeholders(Map.of("appRole", USER))
                .load()
                .migrate();
        return this;
    }

    /** Runs scripts such as {@code db/migration/U1__what_changes.sql} of the class path, as {@code db-downgrade} would. */
    public TestSchema undo(String... scripts) {
        for (String script : scripts) {
            try (var in = Thread.currentThread().getContextClassLoader().getResourceAsStream(script)) {
                if (in == null) {
                    throw new IllegalArgumentException("There is no %s on the class path".formatted(script));
                }
                execute(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        execute("DELETE FROM flyway_schema_history");
        return this;
    }

    /** A line for each column, constraint, index, function and grant of the schema, Flyway's own table left out. */
    public List<String> catalogue() {
        try (Connection connection = DriverManager.getConnection(TestServers.adminJdbcUrl());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(CATALOGUE.replace("$schema", name))) {
            var lines = new ArrayList<String>();
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
            return lines;
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** For the Vert.x client: {@code postgresql://...} with the role of a running service. */
    public String url() {
        return "%s?search_path=%s,extensions&user=%s&password=%s"
                .formatted(TestServers.postgresUrl(), name, USER, USER);
    }

    /** For JDBC, with the role of a running service. */
    public String jdbcUrl() {
        return jdbcUrl(USER);
    }

    private String jdbcUrl(String role) {
        return "jdbc:%s?currentSchema=%s,extensions&user=%s&password=%s"
                .formatted(TestServers.postgresUrl(), name, role, role);
    }

    /** For JDBC, with the role that owns the schema. */
    public String ownerJdbcUrl() {
        return jdbcUrl(OWNER);
    }

    /** Runs statements as the schema's owner. */
    public void execute(String sql) {
        execute(ownerJdbcUrl(), sql);
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
        return openPool(connectionsMax, port());
    }

    /** Where the server keeps everything; on this machine alone when the server is embedded. */
    public Path dataDirectory() {
        try (Connection connection = DriverManager.getConnection(TestServers.adminJdbcUrl());
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW data_directory")) {
            rows.next();
            return Path.of(rows.getString(1));
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** The port of the server. */
    public int port() {
        return PgConnectOptions.fromUri(url()).getPort();
    }

    /** @param port of something on this machine that stands between the client and the server */
    public Pool openPool(int connectionsMax, int port) {
        Pool pool = Pool.newInstance(PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(connectionsMax))
                .connectingTo(PgConnectOptions.fromUri(url())
                        .setPort(port)
                        .setCachePreparedStatements(true)
                        .setPreparedStatementCacheSqlFilter(sql -> true))
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
