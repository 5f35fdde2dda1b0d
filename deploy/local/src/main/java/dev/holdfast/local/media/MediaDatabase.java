package dev.holdfast.local.media;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * The schema of the service, as the role that owns it.
 *
 * @param jdbcUrl with the owner's name and password
 * @param appRole of the running service, which migrations give rights to
 */
public record MediaDatabase(String jdbcUrl, String schema, String appRole) {
    /** That of the local cluster, where a password is the name of its role. */
    static MediaDatabase local(int port) {
        return new MediaDatabase(
                "jdbc:postgresql://localhost:%d/holdfast?user=media_owner&password=media_owner".formatted(port),
                "media",
                "media_app");
    }

    /** In a transaction; what is not qualified is in the schema. */
    Connection begin() throws SQLException {
        Connection connection = DriverManager.getConnection(jdbcUrl);
        connection.setSchema(schema);
        connection.setAutoCommit(false);
        return connection;
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
