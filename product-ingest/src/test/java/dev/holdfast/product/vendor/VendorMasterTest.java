package dev.holdfast.product.vendor;

import static dev.holdfast.product.vendor.master.Tables.VENDOR;
import static dev.holdfast.product.vendor.master.Tables.VENDOR_QUOTA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.product.vendor.master.VersionKind;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import dev.holdfast.testkit.TestServers;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.flywaydb.core.Flyway;
import org.jooq.Named;
import org.jooq.SQLDialect;
import org.jooq.conf.ParamType;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema that is not ours, and what is generated from it. */
@ExtendWith(HoldfastExtension.class)
class VendorMasterTest {
    private static final String SCRIPTS = "db/vendor-master";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    @Test
    void goesUpDownAndUpAgainToTheSameCatalogue(TestSchema schema) {
        // Given
        List<String> before = schema.catalogue();
        List<String> migrated = schema.migrate(SCRIPTS, SCRIPTS + "-local").catalogue();

        // When
        schema.undo(SCRIPTS + "/U1__vendor_master.sql");

        // Then
        assertThat(schema.catalogue()).isEqualTo(before);
        assertThat(schema.migrate(SCRIPTS, SCRIPTS + "-local").catalogue())
                .isEqualTo(migrated)
                .hasSizeGreaterThan(50);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO %s VALUES ('hooli', 'Hooli')",
                "UPDATE %s SET actv_flg = 'Y'",
                "DELETE FROM %s",
                "TRUNCATE %s",
                "ALTER TABLE %s ADD mine int",
                "DROP TABLE %s",
                "CREATE TABLE vendor_master.mine ()"
            })
    void thisServiceReadsAndNoMore(String statement) throws SQLException {
        // Given
        migrateTheRealOne();
        assertThat(execute("product_app", "SELECT * FROM vendor_master.vw_actv_vndr"))
                .isTrue();

        // When / Then
        assertRefused("product_app", statement.formatted("vendor_master.tbl_vndr_mstr"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "product_owner",
                "audit_app",
                "audit_owner",
                "payments_app",
                "payments_owner",
                "media_app",
                "media_owner",
                "todo_app",
                "todo_owner"
            })
    void nobodyElseReadsIt(String role) {
        // Given
        migrateTheRealOne();

        // When / Then
        assertRefused(role, "SELECT * FROM vendor_master.tbl_vndr_mstr");
        assertRefused(role, "SELECT * FROM vendor_master.vw_actv_vndr");
    }

    @Test
    void modelsHaveOurNamesAndTypes() {
        assertThat(VENDOR.fields())
                .extracting(Named::getName)
                .contains("vndr_id", "vndr_nm", "actv_flg", "vrsn_knd_cd", "dly_qta_nbr", "cre_dt");
        assertThat(VENDOR.ACTIVE.getType()).isEqualTo(Boolean.class);
        assertThat(VENDOR.VERSION_KIND.getType()).isEqualTo(VersionKind.class);
        assertThat(VENDOR.DAILY_QUOTA.getType()).isEqualTo(Long.class);
        assertThat(VENDOR_QUOTA.getPrimaryKey().getFields())
                .containsExactly(VENDOR_QUOTA.VENDOR_ID, VENDOR_QUOTA.CONTRACT_NUMBER, VENDOR_QUOTA.EFFECTIVE_FROM);
        assertThat(VENDOR_QUOTA.getReferences())
                .singleElement()
                .satisfies(key -> assertThat(key.getKey().getTable().getName()).isEqualTo("tbl_vndr_cntr"));
    }

    @Test
    void conditionsSayWhatTheDatabaseHas() {
        assertThat(DSL.using(SQLDialect.POSTGRES)
                        .select(VENDOR.NAME)
                        .from(VENDOR)
                        .where(VENDOR.ACTIVE.eq(false).or(VENDOR.VERSION_KIND.eq(VersionKind.CLOCK)))
                        .getSQL(ParamType.INLINED))
                .contains("\"vndr_nm\"", "= 'N'", "= 'CLK'");
    }

    @Test
    void theCommittedPageIsTheGeneratedOne() throws IOException {
        assertThat(Files.readString(Path.of("../docs/mapping/vendor-master.md")))
                .as("docs/mapping/vendor-master.md is out of date. Run `make mapping` and commit the page.")
                .isEqualTo(Files.readString(Path.of("target/generated-sources/vendor-master/mapping.md")));
    }

    @Test
    void aColumnThatIsMissingIsNamed(TestSchema schema) {
        // Given
        schema.migrate(SCRIPTS).execute("ALTER TABLE tbl_vndr_mstr RENAME vndr_nm TO vndr_name");
        Pool pool = schema.openPool(1);

        // When
        Throwable failure = new VendorStore(schema.name())
                .all(pool)
                .onItemOrFailure()
                .transform((vendors, failed) -> failed)
                .await()
                .atMost(Duration.ofSeconds(10));

        // Then
        assertThat(VendorMasterHealth.reason(failure))
                .contains("lacks something", "vndr_nm", "docs/mapping/vendor-master.md");
        pool.closeAndForget();
    }

    @Test
    void aRightThatIsMissingIsNamed(TestSchema schema) {
        // Given
        schema.migrate(SCRIPTS).execute("REVOKE SELECT ON vw_actv_vndr FROM todo_app");
        Pool pool = schema.openPool(1);

        // When
        Throwable failure = new VendorStore(schema.name())
                .all(pool)
                .onItemOrFailure()
                .transform((vendors, failed) -> failed)
                .await()
                .atMost(Duration.ofSeconds(10));

        // Then
        assertThat(VendorMasterHealth.reason(failure)).contains("vw_actv_vndr", "must grant SELECT");
        pool.closeAndForget();
    }

    @Test
    void isReadyOnceItWasReadAndTellsHowOldTheReadingIs() {
        Instant readAt = Instant.parse("2026-01-01T00:00:00Z");
        var failure = new IOException("gone");

        var never = VendorMasterHealth.of(new VendorDirectory.State(null, readAt, failure), readAt);
        var once = VendorMasterHealth.of(
                new VendorDirectory.State(new VendorDirectory.Snapshot(Map.of(), readAt), readAt, failure),
                readAt.plusSeconds(70));

        assertThat(never.getStatus().name()).isEqualTo("DOWN");
        assertThat(once.getStatus().name()).isEqualTo("UP");
        assertThat(once.getData().orElseThrow())
                .containsEntry("ageSeconds", 70L)
                .containsEntry("reason", "no answer");
    }

    /** As the service does it when it starts in profile test. */
    private static void migrateTheRealOne() {
        Flyway.configure()
                .dataSource("jdbc:" + TestServers.postgresUrl(), "vendor_master_owner", "vendor_master_owner")
                .schemas("vendor_master")
                .createSchemas(false)
                .locations(SCRIPTS, SCRIPTS + "-local")
                .placeholders(Map.of("appRole", "product_app"))
                .load()
                .migrate();
    }

    private static void assertRefused(String role, String statement) {
        assertThatThrownBy(() -> execute(role, statement))
                .as("%s: %s", role, statement)
                .asInstanceOf(InstanceOfAssertFactories.type(SQLException.class))
                .extracting(SQLException::getSQLState)
                .isEqualTo(INSUFFICIENT_PRIVILEGE);
    }

    private static boolean execute(String role, String statement) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:" + TestServers.postgresUrl(), role, role);
                var prepared = connection.createStatement()) {
            return prepared.execute(statement);
        }
    }
}
