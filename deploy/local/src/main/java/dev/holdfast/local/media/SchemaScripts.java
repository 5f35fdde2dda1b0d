package dev.holdfast.local.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/**
 * The migrations that have made a schema. A backup carries its own, so that it can be restored whatever has become of the code since;
 * the service then migrates on from there.
 */
final class SchemaScripts {
    private static final String APPLIED = """
            SELECT script FROM flyway_schema_history WHERE success AND type = 'SQL' ORDER BY installed_rank
            """;
    private static final String NO_SUCH_TABLE = "42P01";

    private SchemaScripts() {}

    /** Names of files. */
    static List<String> applied(Connection connection) throws SQLException {
        var scripts = new ArrayList<String>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(APPLIED)) {
            while (rows.next()) {
                String script = rows.getString(1); // some Flyways note in which folder it was
                scripts.add(script.substring(script.lastIndexOf('/') + 1));
            }
        } catch (SQLException e) {
            if (NO_SUCH_TABLE.equals(e.getSQLState())) {
                throw new BackupException(
                        "The schema %s is empty: there is nothing to back up.".formatted(connection.getSchema()), e);
            }
            throw e;
        }
        return scripts;
    }

    /**
     * Copies them from wherever they are, and makes sure that they are the ones that have run.
     *
     * @param sources folders with scripts
     * @return their hashes, by name
     */
    static Map<String, String> copy(List<String> applied, List<Path> sources, Path target, MediaDatabase database)
            throws IOException, SQLException {
        var hashes = new TreeMap<String, String>();
        for (String script : applied) {
            Path source = sources.stream()
                    .map(folder -> folder.resolve(script))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow(() -> new BackupException(
                            "%s has run on this database and is not in %s: make the backup from the checkout that runs."
                                    .formatted(script, sources)));
            hashes.put(script, Durable.write(target.resolve(script), out -> Files.copy(source, out)));
        }
        Durable.syncDirectory(target);
        try {
            flyway(database, target).load().validate();
        } catch (FlywayException e) {
            throw new BackupException(
                    "The migrations here are not those that have run on the database: make the backup from the checkout that runs. %s"
                            .formatted(e.getMessage()),
                    e);
        }
        return hashes;
    }

    /** Deletes all that is in the schema and makes it as these scripts do, with no rows in it. */
    static void replay(Path scripts, MediaDatabase database) {
        Flyway flyway = flyway(database, scripts).cleanDisabled(false).load();
        flyway.clean();
        flyway.migrate();
    }

    private static FluentConfiguration flyway(MediaDatabase database, Path scripts) {
        FluentConfiguration configuration = Flyway.configure()
                .dataSource(database.jdbcUrl(), null, null)
                .schemas(database.schema())
                .createSchemas(false)
                .locations("filesystem:" + scripts.toAbsolutePath())
                .outOfOrder(true)
                .placeholders(Map.of("appRole", database.appRole()));
        // or CREATE INDEX CONCURRENTLY would wait for Flyway itself
        configuration
                .getPluginRegister()
                .getExact(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
        return configuration;
    }
}
