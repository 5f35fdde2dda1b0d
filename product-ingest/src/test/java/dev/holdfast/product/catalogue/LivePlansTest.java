package dev.holdfast.product.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries for live products read no deleted one, whatever the planner knows of the parameters. */
@ExtendWith(HoldfastExtension.class)
class LivePlansTest {
    private static final int LIVE = 2_000;
    private static final int DELETED = 20_000;
    private static final String PRODUCTS = """
            INSERT INTO product (vendor_id, sku, src_version, state, name, price_minor, currency, attributes, content_hash,
                                 deleted_at)
            SELECT 'v' || i % 10, 'S' || md5(i::text), 1, '$state', 'Lamp ' || i, 100, 'EUR', '{"colour": "green"}',
                   decode(md5(i::text), 'hex'), CASE '$state' WHEN 'deleted' THEN now() END
              FROM generate_series($from, $to) AS i;
            """;
    private static final String[] PAGE = {"text, text, int", "('v3', 'S', 51)"};

    /** @param buffers pages read, from memory or not */
    private record Plan(List<String> indexes, long rows, long removed, long buffers) {}

    private static Plan explain(TestSchema schema, String mode, String types, String sql, String values) {
        try (Connection connection = schema.connect();
                var statement = connection.createStatement()) {
            statement.execute("SET plan_cache_mode = '%s'".formatted(mode));
            statement.execute("PREPARE q (%s) AS %s".formatted(types, sql));
            try (var rows = statement.executeQuery("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE q" + values)) {
                rows.next();
                JsonNode plan =
                        new ObjectMapper().readTree(rows.getString(1)).get(0).get("Plan");
                return new Plan(
                        indexes(plan),
                        plan.get("Actual Rows").asLong(),
                        plan.findValues("Rows Removed by Filter").stream()
                                .mapToLong(JsonNode::asLong)
                                .sum(),
                        plan.get("Shared Hit Blocks").asLong()
                                + plan.get("Shared Read Blocks").asLong());
            }
        } catch (SQLException | IOException failed) {
            throw new AssertionError(sql, failed);
        }
    }

    private static List<String> indexes(JsonNode plan) {
        var names = new ArrayList<String>();
        plan.findValues("Index Name").forEach(name -> names.add(name.asText()));
        return names;
    }

    private static void fill(TestSchema schema, String state, int from, int to) {
        schema.execute(PRODUCTS.replace("$state", state)
                .replace("$from", String.valueOf(from))
                .replace("$to", String.valueOf(to)));
        schema.execute("VACUUM ANALYZE product");
    }

    private static List<Plan> plans(TestSchema schema, String mode) {
        String sku = "Sc4ca4238a0b923820dcc509a6f75849b"; // the first product's
        return List.of(
                explain(schema, mode, PAGE[0], ProductStore.LIVE_OF_ALL, PAGE[1]),
                explain(schema, mode, PAGE[0], ProductStore.LIVE_OF_VENDOR, PAGE[1]),
                explain(schema, mode, "text, text", ProductStore.LIVE_BY_ID, "('v1', '%s')".formatted(sku)),
                explain(schema, mode, "text[], text[]", ProductStore.OFFERS, "('{v1}', '{%s}')".formatted(sku)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
    void liveQueriesReadLiveProductsOnlyHoweverManyAreDeleted(String mode, TestSchema schema) {
        // Given
        schema.migrate("db/platform", "db/migration");
        fill(schema, "live", 1, LIVE);
        List<Plan> before = plans(schema, mode);

        // When
        fill(schema, "deleted", LIVE + 1, LIVE + DELETED);

        // Then
        List<Plan> after = plans(schema, mode);
        assertThat(after).extracting(Plan::rows).containsExactly(51L, 51L, 1L, 1L);
        assertThat(after).allSatisfy(plan -> {
            assertThat(plan.indexes()).containsExactly("product_live");
            assertThat(plan.removed()).isZero();
        });
        for (int i = 0; i < after.size(); i++) {
            assertThat(after.get(i).buffers())
                    .as("of query %d", i)
                    .isLessThanOrEqualTo(before.get(i).buffers());
        }
    }

    /** What the partial index is for: the primary key finds the same rows, after it has read all the deleted ones. */
    @Test
    void withoutTheIndexOfLiveProductsTheDeletedOnesAreRead(TestSchema schema) {
        // Given
        schema.migrate("db/platform", "db/migration");
        fill(schema, "live", 1, LIVE);
        fill(schema, "deleted", LIVE + 1, LIVE + DELETED);

        // When
        schema.execute("DROP INDEX product_live");

        // Then
        Plan naive = explain(schema, "force_custom_plan", PAGE[0], ProductStore.LIVE_OF_VENDOR, PAGE[1]);
        assertThat(naive.rows()).isEqualTo(51);
        assertThat(naive.removed()).isGreaterThan(100);
    }

    @Test
    void pagesOfDeletedOnesReadNoOthers(TestSchema schema) {
        // Given
        schema.migrate("db/platform", "db/migration");
        fill(schema, "live", 1, DELETED);
        fill(schema, "deleted", DELETED + 1, DELETED + LIVE);

        // When
        Plan plan = explain(
                schema,
                "force_custom_plan",
                PAGE[0],
                ProductStore.OF_STATE.formatted("deleted") + ProductStore.OF_ALL,
                PAGE[1]);

        // Then
        assertThat(plan.indexes()).containsExactly("product_gone");
        assertThat(plan.rows()).isEqualTo(51);
        assertThat(plan.removed()).isZero();
    }
}
