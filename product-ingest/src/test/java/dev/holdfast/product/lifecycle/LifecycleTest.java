package dev.holdfast.product.lifecycle;

import static dev.holdfast.product.feed.Vendors.delete;
import static dev.holdfast.product.feed.Vendors.upsert;
import static dev.holdfast.product.feed.Vendors.withGtin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.product.lifecycle.LifecycleResult.Done;
import dev.holdfast.product.lifecycle.LifecycleResult.GtinTaken;
import dev.holdfast.product.lifecycle.LifecycleResult.NoContent;
import dev.holdfast.product.lifecycle.LifecycleResult.UnknownProduct;
import dev.holdfast.product.lifecycle.LifecycleResult.UnknownVersion;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HoldfastExtension.class)
class LifecycleTest {
    private static final String GTIN = "4006381333931";

    private LifecycleFixture life;

    @BeforeEach
    void open(TestSchema schema) {
        life = new LifecycleFixture(schema);
    }

    @AfterEach
    void close() {
        life.close();
    }

    private static ProductVersion done(LifecycleResult result, boolean changed) {
        assertThat(result).isInstanceOf(Done.class);
        assertThat(((Done) result).changed()).isEqualTo(changed);
        return ((Done) result).version();
    }

    @Test
    void aDeletedProductIsGoneAndWhatItWasIsKept() {
        // Given
        life.vendors.send(upsert("acme", "A", 7, "Lamp"));

        // When
        ProductVersion deleted = done(life.delete("acme:A"), true);

        // Then
        assertThat(deleted.state()).isEqualTo("deleted");
        assertThat(deleted.changedBy()).isEqualTo("jane");
        assertThat(deleted.contentVersion()).isNull();
        assertThat(life.live()).isEmpty();
        assertThat(life.vendors.query("SELECT src_version, row_version, deleted_at IS NOT NULL FROM product"))
                .containsExactly("7 2 true");
        assertThat(life.history("acme:A"))
                .extracting(ProductVersion::rowVersion, ProductVersion::state, ProductVersion::contentVersion)
                .containsExactly(tuple(2L, "deleted", null), tuple(1L, "live", 7L));
        assertThat(life.events("acme:A")).containsExactly("product.listed 1", "product.deleted 2");
        life.assertComplete("acme:A");
    }

    @Test
    void deletingAgainChangesNothingAndAnswersTheSame() {
        life.vendors.send(upsert("acme", "A", 1, "Lamp"));
        ProductVersion first = done(life.delete("acme:A"), true);

        assertThat(done(life.delete("acme:A"), false)).isEqualTo(first);
        life.assertComplete("acme:A");
    }

    @Test
    void whatNeverWasCannotBeDeletedRestoredOrShown() {
        assertThat(life.delete("acme:A")).isEqualTo(new UnknownProduct());
        assertThat(life.restore("acme:A")).isEqualTo(new UnknownProduct());
        assertThat(life.history("acme:A")).isEmpty();
    }

    @Test
    void aCopyOfTheVendorsLastMessageChangesNothingAndItsNextOneWins() {
        // Given
        String last = upsert("acme", "A", 7, "Lamp");
        life.vendors.send(last);
        life.delete("acme:A");

        // When the same content comes with a newer version
        assertThat(life.vendors.send(last, upsert("acme", "A", 6, "Older"))).containsExactly("duplicate", "stale");
        assertThat(life.live()).isEmpty();
        assertThat(life.vendors.send(upsert("acme", "A", 8, "Lamp"))).containsExactly("applied");

        // Then
        assertThat(life.live()).containsExactly("A Lamp 8");
        assertThat(life.events("acme:A")).last().isEqualTo("product.restored 3");
        life.assertComplete("acme:A");
    }

    @Test
    void aRestoredProductIsWhatItWasBefore() {
        // Given
        life.vendors.send(upsert("acme", "A", 7, "Lamp"));
        life.vendors.send(delete("acme", "A", 8));

        // When
        ProductVersion restored = done(life.restore("acme:A"), true);

        // Then
        assertThat(restored.state()).isEqualTo("live");
        assertThat(restored.changedBy()).isEqualTo("jane");
        assertThat(life.live()).containsExactly("A Lamp 8");
        assertThat(done(life.restore("acme:A"), false)).isEqualTo(restored);
        assertThat(life.vendors.send(delete("acme", "A", 8))).containsExactly("duplicate");
        assertThat(life.events("acme:A"))
                .containsExactly("product.listed 1", "product.deleted 2", "product.restored 3");
        assertThat(
                        life.vendors.query(
                                "SELECT payload::json ->> 'name', payload::json ->> 'version' FROM outbox ORDER BY id DESC LIMIT 1"))
                .containsExactly("Lamp 8");
        life.assertComplete("acme:A");
    }

    @Test
    void anyVersionCanBeRestoredWhetherTheProductIsLiveOrNot() {
        // Given
        for (int version = 1; version <= 3; version++) {
            life.vendors.send(upsert("acme", "A", version, "Lamp" + version));
        }

        // When / Then
        done(life.restore("acme:A", 1L), true);
        assertThat(life.live()).containsExactly("A Lamp1 3");
        assertThat(life.events("acme:A")).last().isEqualTo("product.changed 4");
        done(life.restore("acme:A", 1L), false);
        done(life.restore("acme:A", 4L), false);

        life.delete("acme:A");
        done(life.restore("acme:A", 2L), true);
        assertThat(life.live()).containsExactly("A Lamp2 3");
        assertThat(life.events("acme:A")).last().isEqualTo("product.restored 6");
        life.assertComplete("acme:A");
    }

    @Test
    void whatHasNoContentCannotBeRestored() {
        life.vendors.send(delete("acme", "A", 1));
        life.vendors.send(upsert("acme", "B", 1, "Lamp"));

        assertThat(life.restore("acme:A")).isEqualTo(new NoContent());
        assertThat(life.restore("acme:A", 1L)).isEqualTo(new NoContent());
        assertThat(life.restore("acme:B", 9L)).isEqualTo(new UnknownVersion());
    }

    @Test
    void aProductWhoseGtinAnotherHasStaysDeleted() {
        // Given
        life.vendors.send(withGtin("acme", "A", 1, GTIN));
        life.delete("acme:A");
        life.vendors.send(withGtin("globex", "B", 1, "0" + GTIN));

        // When / Then
        assertThat(life.restore("acme:A")).isEqualTo(new GtinTaken(GTIN, "globex:B"));
        assertThat(life.live()).containsExactly("B name 1");

        life.delete("globex:B");
        done(life.restore("acme:A"), true);
        assertThat(life.live()).containsExactly("A name 1");
    }

    /** Without the feed's lock one of them would fail at its commit, and an innocent message would be quarantined. */
    @Test
    void rivalsForOneGtinNeverShareItWhetherTheyAreRestoredOrSent() throws Exception {
        for (int round = 1; round <= 5; round++) {
            // Given
            long version = round;
            for (int product = 0; product < 8; product++) {
                life.vendors.send(withGtin("acme", "P" + product, 2 * version, GTIN));
                life.delete("acme:P" + product);
            }

            // When
            RaceGate<String> race = RaceGate.race(8, worker -> rival(worker, version));

            // Then
            race.assertWinners(1, outcome -> outcome.equals("restored") || outcome.equals("applied"));
            assertThat(race.results()).doesNotContain("quarantined");
            assertThat(life.live()).hasSize(1);
            life.vendors
                    .query("SELECT vendor_id || ':' || sku FROM live_product")
                    .forEach(life::delete);
            life.vendors.query("DELETE FROM waiting_message");
        }
    }

    private Callable<String> rival(int worker, long round) {
        return worker % 2 == 0
                ? () -> life.restore("acme:P" + worker) instanceof Done ? "restored" : "taken"
                : () -> life.vendors
                        .send(withGtin("acme", "P" + worker, 2 * round + 1, GTIN))
                        .getFirst();
    }

    @Test
    void whateverHappensAtOnceVersionsHaveNoGapAndTheVendorsNextMessageWins() throws Exception {
        // Given
        List<String> skus = List.of("A", "B", "C");
        skus.forEach(sku -> life.vendors.send(upsert("acme", sku, 0, "Lamp")));

        // When
        RaceGate<Object> race = RaceGate.race(8, worker -> () -> {
            var random = new Random(worker);
            for (int i = 1; i <= 30; i++) {
                String sku = skus.get(random.nextInt(skus.size()));
                switch (random.nextInt(5)) {
                    case 0 -> life.delete("acme:" + sku);
                    case 1 -> life.restore("acme:" + sku);
                    case 2 -> life.restore("acme:" + sku, 1L);
                    case 3 -> life.vendors.send(delete("acme", sku, 8L * i + worker));
                    default -> life.vendors.send(upsert("acme", sku, 8L * i + worker, "Lamp" + i));
                }
            }
            return "done";
        });

        // Then
        race.assertWinners(8, Objects::nonNull);
        skus.forEach(sku -> life.assertComplete("acme:" + sku));
        assertThat(life.vendors.query("SELECT count(*) FROM product_version WHERE valid_to < valid_from"))
                .containsExactly("0");
        var expected = new ArrayList<String>();
        for (String sku : skus) {
            life.vendors.send(upsert("acme", sku, 1_000, "Last"));
            expected.add(sku + " Last 1000");
        }
        assertThat(life.live()).isEqualTo(expected);
    }
}
