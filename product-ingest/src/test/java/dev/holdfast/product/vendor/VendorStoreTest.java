package dev.holdfast.product.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HoldfastExtension.class)
class VendorStoreTest {
    private TestSchema schema;
    private Pool pool;

    @BeforeEach
    void open(TestSchema schema) {
        this.schema = schema.migrate("db/vendor-master", "db/vendor-master-local");
        this.pool = schema.openPool(1);
    }

    @AfterEach
    void close() {
        pool.closeAndForget();
    }

    @Test
    void readsTheLocalVendorsInOurTerms() {
        assertThat(vendors().keySet()).containsExactlyInAnyOrder("acme", "globex", "initech", "umbrella");
        assertThat(vendors().get("acme"))
                .isEqualTo(new Vendor("acme", "Acme Tools GmbH", true, OptionalLong.empty(), false));
        assertThat(vendors().get("initech"))
                .isEqualTo(new Vendor("initech", "Initech LLC", true, OptionalLong.empty(), true));
        assertThat(vendors().get("umbrella"))
                .isEqualTo(new Vendor("umbrella", "Umbrella plc", false, OptionalLong.empty(), false));
        assertThat(vendors().get("globex").dailyQuota()).isPresent();
    }

    @Test
    void aVendorIsActiveWhileAContractIsInEffect() {
        // When
        schema.execute("UPDATE tbl_vndr_cntr SET expr_dt = CURRENT_DATE - 1 WHERE vndr_id = 'globex'");
        schema.execute("UPDATE tbl_vndr_cntr SET expr_dt = CURRENT_DATE WHERE vndr_id = 'initech'");
        schema.execute("UPDATE tbl_vndr_cntr SET eff_dt = CURRENT_DATE + 1 WHERE vndr_id = 'acme' AND cntr_nbr = 2");

        // Then
        Map<String, Vendor> vendors = vendors();
        assertThat(vendors.get("globex").active()).isFalse();
        assertThat(vendors.get("initech").active()).isTrue();
        assertThat(vendors.get("acme").active()).isFalse();
    }

    @Test
    void theQuotaOfTheDayWinsOverTheStandingOne() {
        // Given
        schema.execute("UPDATE tbl_vndr_mstr SET dly_qta_nbr = 100 WHERE vndr_id IN ('acme', 'initech')");

        // When
        schema.execute("""
                INSERT INTO tbl_vndr_qta VALUES
                  ('acme', 2, CURRENT_DATE - 9, CURRENT_DATE + 9, 5), ('acme', 2, CURRENT_DATE, CURRENT_DATE, 7),
                  ('initech', 1, CURRENT_DATE + 1, CURRENT_DATE + 9, 9)
                """);

        // Then
        assertThat(vendors().get("acme").dailyQuota()).hasValue(7);
        assertThat(vendors().get("initech").dailyQuota()).hasValue(100);
    }

    @Test
    void aVendorWithACodeThatTheModelsDoNotKnowKeepsNoOtherAway() {
        // When
        schema.execute("INSERT INTO tbl_cd_vrsn_knd VALUES ('NEW', 'Something that came later')");
        schema.execute("UPDATE tbl_vndr_mstr SET vrsn_knd_cd = 'NEW' WHERE vndr_id = 'globex'");

        // Then
        assertThat(vendors().keySet()).containsExactlyInAnyOrder("acme", "initech", "umbrella");
    }

    private Map<String, Vendor> vendors() {
        List<Vendor> all = new VendorStore(schema.name()).all(pool).await().atMost(Duration.ofSeconds(10));
        return all.stream().collect(Collectors.toMap(Vendor::id, Function.identity()));
    }
}
