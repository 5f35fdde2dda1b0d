package dev.holdfast.db.reverse;

import dev.holdfast.local.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.jooq.codegen.GenerationTool;

/**
 * Writes the models of a schema: {@code Reverse <schema> <directory of migrations> <naming rules> <target directory>}.
 *
 * <p>Does nothing while neither the migrations nor the rules nor this program have changed since the last time. Else
 * it starts a PostgreSQL of its own, which takes some seconds; the schema must be one that its roles know.
 */
public final class Reverse {
    private final String schema;
    private final Path migrations;
    private final Path rules;
    private final Path target;

    Reverse(String schema, Path migrations, Path rules, Path target) {
        this.schema = schema;
        this.migrations = migrations;
        this.rules = rules;
        this.target = target;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 4) {
            fail("Usage: Reverse <schema> <migrations> <naming rules> <target directory>");
        }
        try {
            new Reverse(arguments[0], Path.of(arguments[1]), Path.of(arguments[2]), Path.of(arguments[3])).run();
        } catch (ReverseException misfit) {
            fail(String.valueOf(misfit.getMessage()));
        }
    }

    private static void fail(String message) {
        System.err.println("[ERROR] " + message);
        System.exit(1);
    }

    /**
     * Whether anything had to be written.
     *
     * @throws ReverseException when the rules and the schema do not fit, with a line for each misfit
     */
    boolean run() throws Exception {
        Fingerprint fingerprint = Fingerprint.of(List.of(migrations, rules, Fingerprint.ownClasses()));
        Path stamp = target.resolve(".fingerprint");
        if (fingerprint.isIn(stamp)) {
            return false;
        }
        Files.deleteIfExists(stamp);
        Path work = Files.createDirectories(target.resolveSibling(target.getFileName() + "-postgres"));
        try (PostgresServer server = PostgresServer.start(
                PostgresServer.Options.in(work.resolve("data")).withDurable(false))) {
            generate(server.adminJdbcUrl());
        }
        fingerprint.writeTo(stamp);
        return true;
    }

    private void generate(String jdbcUrl) throws Exception {
        migrate(jdbcUrl);
        try (Connection connection = DriverManager.getConnection(jdbcUrl)) {
            Naming naming = Naming.read(rules);
            refuseMisfits(naming, Catalogue.read(connection, schema, naming));
            var tool = new GenerationTool();
            tool.setConnection(connection);
            ScopedValue.where(ModelGenerator.NAMING, naming).call(() -> {
                tool.run(new JooqSettings(schema, naming, target).configuration());
                return true;
            });
        }
    }

    /** On an empty schema, also where a run that was killed left something. */
    private void migrate(String jdbcUrl) {
        Flyway flyway = Flyway.configure(Reverse.class.getClassLoader())
                .dataSource(jdbcUrl, "postgres", "")
                .schemas(schema)
                .locations("filesystem:" + migrations)
                .placeholders(Map.of("appRole", "product_app"))
                .cleanDisabled(false)
                .load();
        flyway.clean();
        flyway.migrate();
    }

    private void refuseMisfits(Naming naming, Catalogue catalogue) {
        List<String> violations = NamingRules.violations(naming, catalogue);
        if (!violations.isEmpty()) {
            throw new ReverseException(violations.stream()
                    .collect(Collectors.joining(
                            "\n  - ", "The naming rules in %s do not fit the schema:\n  - ".formatted(rules), "")));
        }
    }
}
