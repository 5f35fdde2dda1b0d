package dev.holdfast.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {

    @TempDir
    Path directory;

    @Test
    void keepsItsDataFromOneStartToTheNext() throws Exception {
        // Given
        var options =
                PostgresServer.Options.in(directory.resolve("with a space").resolve("postgres"));
        try (var server = PostgresServer.start(options)) {
            execute(server, "CREATE TABLE product.kept AS SELECT 42 AS answer");
        }

        // When
        try (var server = PostgresServer.start(options)) {

            // Then
            assertThat(query(server, "SELECT answer FROM product.kept")).isEqualTo("42");
        }
    }

    @Test
    void stopsAServerThatAKilledParentLeftBehindAndKeepsItsData() throws Exception {
        // Given
        var options = PostgresServer.Options.in(directory.resolve("postgres"));
        Process parent = PostgresParent.start(options.dataDirectory());
        ProcessHandle leftOver = Postmaster.running(options.dataDirectory()).orElseThrow();
        parent.destroyForcibly().waitFor();
        assertThat(leftOver.isAlive()).isTrue();

        // When
        try (var server = PostgresServer.start(options)) {

            // Then
            assertThat(Signals.hasEnded(leftOver)).isTrue();
            assertThat(server.pid()).isNotEqualTo(leftOver.pid());
            assertThat(query(server, "SELECT answer FROM product.kept")).isEqualTo("42");
        }
    }

    @Test
    void startsAgainAfterItsMainProcessWasKilled() throws Exception {
        // Given
        var options = PostgresServer.Options.in(directory.resolve("postgres"));
        try (var server = PostgresServer.start(options)) {
            execute(server, "CREATE TABLE product.kept AS SELECT 42 AS answer");
            ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
            server.onExit().get(10, TimeUnit.SECONDS);
        }

        // When
        try (var server = PostgresServer.start(options)) {

            // Then
            assertThat(query(server, "SELECT answer FROM product.kept")).isEqualTo("42");
        }
    }

    @Test
    void beginsAnewWhenItsVeryFirstStartWasKilled() throws Exception {
        // Given
        var options = PostgresServer.Options.in(directory.resolve("postgres"));
        Path unfinished =
                Files.createDirectories(directory.resolve("postgres.initdb").resolve("base"));
        Files.writeString(unfinished.resolve("1"), "half a table");

        // When
        try (var server = PostgresServer.start(options)) {

            // Then
            assertThat(query(server, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void neverTouchesAProcessThatGotTheNumberOfAStalePidFile() throws Exception {
        // Given
        Path dataDirectory = Files.createDirectories(directory.resolve("postgres"));
        Files.writeString(
                dataDirectory.resolve("postmaster.pid"), ProcessHandle.current().pid() + "\n");

        // When
        var running = Postmaster.running(dataDirectory);

        // Then
        assertThat(running).isEmpty();
    }

    @Test
    void refusesADataDirectoryThatIsInUse() throws Exception {
        // Given
        var options = PostgresServer.Options.in(directory.resolve("postgres"));
        try (var server = PostgresServer.start(options)) {

            // When
            assertThatThrownBy(() -> PostgresServer.start(options))

                    // Then
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Another running process uses the PostgreSQL data");
            assertThat(query(server, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void isDurableUnlessToldOtherwise() throws Exception {
        // Given
        var options = PostgresServer.Options.in(directory.resolve("postgres"));

        // When
        try (var server = PostgresServer.start(options)) {

            // Then
            assertThat(durability(server)).isEqualTo("on on on");
        }
        try (var server = PostgresServer.start(options.withDurable(false))) {
            assertThat(durability(server)).isEqualTo("off off off");
        }
    }

    @Test
    void takesFurtherSettingsWhateverCharactersTheyHave() throws Exception {
        // Given
        var options = PostgresServer.Options.in(directory.resolve("postgres"))
                .withSettings(Map.of("cluster_name", "it's $HOME; here", "max_connections", "50"));

        // When
        try (var server = PostgresServer.start(options)) {

            // Then
            assertThat(query(server, "SELECT current_setting('cluster_name')")).isEqualTo("it's $HOME; here");
            assertThat(query(server, "SELECT current_setting('max_connections')"))
                    .isEqualTo("50");
        }
    }

    @Test
    void saysWhereTheReasonIsWhenItDoesNotStart() {
        // Given
        var options = PostgresServer.Options.in(directory.resolve("postgres"))
                .withSettings(Map.of("shared_buffers", "a lot"));

        // When
        assertThatThrownBy(() -> PostgresServer.start(options))

                // Then
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("postgres.log", "invalid value for parameter \"shared_buffers\"");
    }

    @Test
    void canBeStartedAgainAfterAFailedStart() throws Exception {
        // Given
        var options = PostgresServer.Options.in(directory.resolve("postgres"));
        assertThatThrownBy(() -> PostgresServer.start(options.withSettings(Map.of("shared_buffers", "a lot"))))
                .isInstanceOf(IOException.class);

        // When
        try (var server = PostgresServer.start(options)) {

            // Then
            assertThat(query(server, "SELECT 1")).isEqualTo("1");
        }
    }

    private static String durability(PostgresServer server) throws SQLException {
        return query(
                server,
                "SELECT concat_ws(' ', current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'))");
    }

    static void execute(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.adminJdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.adminJdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
