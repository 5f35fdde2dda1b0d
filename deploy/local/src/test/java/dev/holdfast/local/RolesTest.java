package dev.holdfast.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RolesTest {

    private static final List<String> SERVICES = List.of("product", "audit", "payments", "media", "todo");

    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String INVALID_PASSWORD = "28P01";

    private static PostgresServer server;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        server = PostgresServer.start(
                PostgresServer.Options.in(directory.resolve("postgres")).withDurable(false));
        for (String service : SERVICES) {
            as(service + "_owner", "CREATE TABLE %s.probe (id int)".formatted(service));
        }
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    @ParameterizedTest(name = "{0} in schema {1}")
    @MethodSource("rolesAndForeignSchemas")
    void cannotReadWriteOrCreateInAnotherServicesSchema(String role, String schema) {
        for (String sql : List.of(
                "SELECT * FROM %s.probe".formatted(schema),
                "INSERT INTO %s.probe VALUES (1)".formatted(schema),
                "CREATE TABLE %s.mine (id int)".formatted(schema),
                "SET ROLE %s_owner".formatted(schema))) {
            assertThatThrownBy(() -> as(role, sql))
                    .as(sql)
                    .asInstanceOf(InstanceOfAssertFactories.type(SQLException.class))
                    .extracting(SQLException::getSQLState)
                    .isEqualTo(INSUFFICIENT_PRIVILEGE);
        }
    }

    static Stream<Arguments> rolesAndForeignSchemas() {
        return SERVICES.stream()
                .flatMap(mine -> SERVICES.stream()
                        .filter(other -> !other.equals(mine))
                        .flatMap(other ->
                                Stream.of(Arguments.of(mine + "_app", other), Arguments.of(mine + "_owner", other))));
    }

    static Stream<String> apps() {
        return SERVICES.stream().map(service -> service + "_app");
    }

    @ParameterizedTest
    @MethodSource("apps")
    void giveTheRunningServiceNoRightThatAMigrationDidNotGrant(String app) {
        for (String sql : List.of(
                "SELECT * FROM probe",
                "CREATE TABLE mine (id int)",
                "CREATE TABLE public.mine (id int)",
                "CREATE TEMPORARY TABLE mine (id int)",
                "CREATE TABLE extensions.mine (id int)")) {
            assertThatThrownBy(() -> as(app, sql))
                    .as(sql)
                    .asInstanceOf(InstanceOfAssertFactories.type(SQLException.class))
                    .extracting(SQLException::getSQLState)
                    .isEqualTo(INSUFFICIENT_PRIVILEGE);
        }
    }

    @Test
    void reachTheirOwnSchemaAndTheExtensionsWithoutNamingThem() throws Exception {
        as("product_owner", "INSERT INTO probe VALUES (1)");
        as("product_owner", "CREATE TEMPORARY TABLE staging (id int)");
        as("product_app", "SELECT digest('anything', 'sha256')");
        as(
                "audit_owner",
                "CREATE TABLE period (id int, during tstzrange, EXCLUDE USING gist (id WITH =, during WITH &&))");
    }

    @Test
    void needTheirPassword() {
        assertThatThrownBy(() -> DriverManager.getConnection(jdbcUrl(), "product_app", "wrong"))
                .asInstanceOf(InstanceOfAssertFactories.type(SQLException.class))
                .extracting(SQLException::getSQLState)
                .isEqualTo(INVALID_PASSWORD);
    }

    @Test
    void cannotConnectToAnotherDatabase() {
        String otherDatabase = jdbcUrl().replace("/holdfast", "/postgres");
        assertThatThrownBy(() -> DriverManager.getConnection(otherDatabase, "product_app", "product_app"))
                .asInstanceOf(InstanceOfAssertFactories.type(SQLException.class))
                .extracting(SQLException::getSQLState)
                .isEqualTo(INSUFFICIENT_PRIVILEGE);
    }

    @Test
    void cannotStartWithTheRightsOfASuperuser() throws Exception {
        try (Connection connection = DriverManager.getConnection(server.adminJdbcUrl());
                Statement statement = connection.createStatement();
                var powerful = statement.executeQuery(
                        "SELECT rolname FROM pg_roles WHERE (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls) AND rolname <> 'postgres'")) {
            assertThat(powerful.next()).isFalse();
        }
    }

    private static void as(String role, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl(), role, role);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String jdbcUrl() {
        return "jdbc:" + server.url();
    }
}
