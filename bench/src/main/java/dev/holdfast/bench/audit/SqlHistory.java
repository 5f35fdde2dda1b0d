package dev.holdfast.bench.audit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.holdfast.bench.Schema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What histories in tables of the schema {@code audit} share: a pool of connections, filling and counting. */
abstract class SqlHistory implements History {
    private final Schema schema;
    private final HikariDataSource dataSource;

    /** @param connectionsMax opened as they are needed, so that 8 writers have 8 and 64 have 64 */
    SqlHistory(Schema schema, int connectionsMax) {
        this.schema = schema;
        var config = new HikariConfig();
        config.setJdbcUrl("jdbc:" + schema.url());
        config.setUsername(schema.owner()); // Hibernate makes its own tables
        config.setPassword(schema.owner());
        config.setMaximumPoolSize(connectionsMax);
        config.setMinimumIdle(0);
        this.dataSource = new HikariDataSource(config);
    }

    /**
     * Fills the tables in one transaction, then does what cannot be done in one.
     *
     * @param scripts read from {@code past}
     */
    final void fill(Past past, List<String> scripts, List<String> tables) throws SQLException {
        try (Connection connection = schema.connectAsOwner();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            past.stage(connection);
            for (String script : scripts) {
                statement.execute(script);
            }
            connection.commit();
            connection.setAutoCommit(true);
            for (String table : tables) {
                statement.execute("VACUUM ANALYZE " + table);
            }
        }
    }

    final HikariDataSource dataSource() {
        return dataSource;
    }

    final Connection connect() throws SQLException {
        return dataSource.getConnection();
    }

    final long number(String sql) throws SQLException {
        try (Connection connection = schema.connectAsOwner();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** @param broken a query that counts what is wrong */
    final void refuse(String broken) throws SQLException {
        long count = number(broken);
        if (count > 0) {
            throw new IllegalStateException("%d versions of %s are broken".formatted(count, this));
        }
    }

    @Override
    public void close() {
        dataSource.close();
    }
}
