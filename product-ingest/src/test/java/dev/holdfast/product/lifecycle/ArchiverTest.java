package dev.holdfast.product.lifecycle;

import static dev.holdfast.product.feed.Vendors.delete;
import static dev.holdfast.product.feed.Vendors.upsert;
import static dev.holdfast.product.feed.Vendors.withGtin;
import static dev.holdfast.product.lifecycle.LifecycleFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestSchema;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HoldfastExtension.class)
class ArchiverTest {
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

    private void sendAndDelete(String vendor, int products) {
        for (int i = 0; i < products; i++) {
            life.vendors.send(upsert(vendor, "P" + i, 1, "Lamp" + i), upsert(vendor, "live" + i, 1, "Lamp"));
            life.vendors.send(delete(vendor, "P" + i, 2));
        }
    }

    private List<String> products() {
        return life.vendors.query("SELECT sku, state, row_version, name FROM product ORDER BY vendor_id, sku");
    }

    @Test
    void theContentOfWhatWasDeletedLongAgoGoesToTheArchiveAndAStubStays() {
        // Given
        life.vendors.send(withGtin("acme", "A", 7, GTIN), upsert("acme", "B", 1, "Live"));
        life.delete("acme:A");

        // When
        ArchiveRun run = await(life.archiver().run());

        // Then
        assertThat(run.archived()).isEqualTo(1);
        assertThat(run.eligible()).isZero();
        assertThat(products()).containsExactly("A archived 3 ", "B live 1 Live");
        assertThat(life.vendors.query("""
                        SELECT src_version, gtin, price_minor, attributes::text, changed_by, length(content_hash)
                          FROM product WHERE sku = 'A'""")).containsExactly("7 null 0 {} archiver 16");
        assertThat(life.vendors.query("SELECT row_version, gtin, name, price_minor, changed_by FROM product_archive"))
                .containsExactly("2 " + GTIN + " name 100 jane");
        assertThat(life.vendors.query("SELECT row_version FROM product_history"))
                .containsExactly("1");
        assertThat(life.events("acme:A"))
                .containsExactly("product.listed 1", "product.deleted 2", "product.archived 3");
        life.assertComplete("acme:A");
    }

    @Test
    void theReceiptsOfWhatWentToTheArchiveStillTell() {
        // Given
        life.vendors.send(upsert("acme", "A", 1, "Lamp"), upsert("acme", "A", 2, "Torch"));
        life.vendors.send(delete("acme", "A", 3));

        // When
        await(life.archiver().run());

        // Then
        assertThat(life.vendors.fates("acme", "A", 1))
                .singleElement()
                .satisfies(fate -> assertThat(fate.outcome()).isEqualTo("stale"));
        assertThat(life.vendors.fates("acme", "A", 2))
                .singleElement()
                .satisfies(fate -> assertThat(fate.supersededBy().version()).isEqualTo(3));
        assertThat(life.vendors.fates("acme", "A", 3))
                .singleElement()
                .satisfies(fate -> assertThat(fate.supersededBy().by()).isEqualTo("archiver"));
    }

    @Test
    void whatWasDeletedNotLongEnoughAgoStays() {
        sendAndDelete("acme", 1);

        ArchiveRun run = await(life.archiver(Clock.offset(Clock.systemUTC(), Duration.ofDays(29)), Map.of())
                .run());

        assertThat(run.archived()).isZero();
        assertThat(products()).containsExactly("P0 deleted 2 Lamp0", "live0 live 1 Lamp");
    }

    @Test
    void aDryRunTellsOfEachVendorAndChangesNothing() {
        // Given
        sendAndDelete("acme", 3);
        sendAndDelete("globex", 1);
        List<String> before = products();

        // When
        ArchiveRun run = await(life.archiver().look());

        // Then
        assertThat(run.dryRun()).isTrue();
        assertThat(run.archived()).isZero();
        assertThat(run.eligible()).isEqualTo(4);
        assertThat(run.vendors())
                .extracting(vendor -> vendor.vendor() + " " + vendor.eligible())
                .containsExactly("acme 3", "globex 1");
        assertThat(run.oldest()).isEqualTo(run.vendors().getFirst().oldest());
        assertThat(products()).isEqualTo(before);
    }

    @Test
    void aRunEndsAfterItsBatchesAndTheNextGoesOn() {
        // Given
        sendAndDelete("acme", 7);
        var archiver = life.archiver(
                Clock.offset(Clock.systemUTC(), Duration.ofDays(31)),
                Map.of("product.archive.batch-size", "2", "product.archive.batches-max", "2"));

        // When
        List<ArchiveRun> runs = List.of(await(archiver.run()), await(archiver.run()), await(archiver.run()));

        // Then
        assertThat(runs).extracting(ArchiveRun::archived).containsExactly(4L, 3L, 0L);
        assertThat(runs).extracting(ArchiveRun::eligible).containsExactly(3L, 0L, 0L);
        assertThat(life.meters.get("holdfast.archive.products").counter().count())
                .isEqualTo(7);
        assertThat(life.meters.get("holdfast.archive.eligible").gauge().value()).isZero();
        assertThat(life.meters.get("holdfast.archive.last.run").gauge().value()).isPositive();
    }

    @Test
    void aNewerMessageBringsAnArchivedProductBackWithItsOwnContent() {
        // Given
        sendAndDelete("acme", 1);
        await(life.archiver().run());

        // When
        assertThat(life.vendors.send(delete("acme", "P0", 2), upsert("acme", "P0", 1, "Older")))
                .containsExactly("duplicate", "stale");
        assertThat(life.vendors.send(upsert("acme", "P0", 3, "Newer"))).containsExactly("applied");

        // Then
        assertThat(products()).containsExactly("P0 live 4 Newer", "live0 live 1 Lamp");
        assertThat(life.events("acme:P0")).last().isEqualTo("product.restored 4");
        assertThat(life.history("acme:P0"))
                .extracting(version -> version.state() + " " + version.name())
                .containsExactly("live Newer", "archived ", "deleted Lamp0", "live Lamp0");
        life.assertComplete("acme:P0");
    }

    @Test
    void anArchivedProductIsRestoredByHandFromTheArchive() {
        // Given
        life.vendors.send(withGtin("acme", "A", 7, GTIN));
        life.delete("acme:A");
        await(life.archiver().run());

        // When
        assertThat(life.restore("acme:A")).isInstanceOf(LifecycleResult.Done.class);

        // Then
        assertThat(life.vendors.query("SELECT state, gtin, name, price_minor, src_version, row_version FROM product"))
                .containsExactly("live " + GTIN + " name 100 7 4");
        assertThat(life.vendors.send(withGtin("acme", "A", 7, GTIN))).containsExactly("duplicate");
        life.assertComplete("acme:A");
    }

    /** The vendor's deletion of a stub makes it a deleted product without content, which is archived once more. */
    @Test
    void whatIsArchivedTwiceIsStillRestoredWithItsContent() {
        // Given
        life.vendors.send(upsert("acme", "A", 1, "Lamp"));
        life.delete("acme:A");
        await(life.archiver().run());
        life.vendors.send(delete("acme", "A", 2));
        await(life.archiver().run());

        // When
        life.restore("acme:A");

        // Then
        assertThat(products()).containsExactly("A live 6 Lamp");
        life.assertComplete("acme:A");
    }

    @Test
    void whatIsNoLongerKeptCannotBeRestored() {
        // Given
        sendAndDelete("acme", 1);
        await(life.archiver().run());

        // When
        life.schema.execute("TRUNCATE product_archive, product_history");

        // Then
        assertThat(life.restore("acme:P0")).isEqualTo(new LifecycleResult.NoContent());
    }

    /** A naive archiver, that reads first and writes then, archives products twice and counts too many. */
    @Test
    void severalArchiversAtOnceArchiveEachProductOnce() throws Exception {
        // Given
        sendAndDelete("acme", 120);

        // When
        RaceGate<ArchiveRun> race = RaceGate.race(6, worker -> {
            var archiver = life.archiver(
                    Clock.offset(Clock.systemUTC(), Duration.ofDays(31)), Map.of("product.archive.batch-size", "7"));
            return () -> await(archiver.run());
        });

        // Then
        race.assertWinners(6, Objects::nonNull);
        long left = await(life.archiver().look()).eligible();
        assertThat(race.results().stream().mapToLong(ArchiveRun::archived).sum() + left)
                .isEqualTo(120);
        await(life.archiver().run());
        assertThat(life.vendors.query("SELECT count(*), count(DISTINCT sku) FROM product_archive"))
                .containsExactly("120 120");
        assertThat(life.vendors.query("SELECT count(*) FROM outbox WHERE type = 'product.archived'"))
                .containsExactly("120");
        assertThat(life.vendors.query("SELECT DISTINCT state, row_version FROM product WHERE sku LIKE 'P%'"))
                .containsExactly("archived 3");
    }

    @Test
    void aProductThatComesBackWhileItIsArchivedIsLiveInTheEnd() throws Exception {
        // Given
        sendAndDelete("acme", 40);

        // When
        RaceGate<Object> race = RaceGate.race(5, worker -> {
            var archiver = life.archiver(
                    Clock.offset(Clock.systemUTC(), Duration.ofDays(31)), Map.of("product.archive.batch-size", "3"));
            return () -> worker == 0
                    ? await(archiver.run())
                    : life.vendors.send(IntStream.range(0, 10)
                            .mapToObj(i -> upsert("acme", "P" + (10 * (worker - 1) + i), 3, "Back"))
                            .toArray(String[]::new));
        });

        // Then
        race.assertWinners(5, Objects::nonNull);
        assertThat(life.vendors.query("SELECT DISTINCT state, name FROM product WHERE sku LIKE 'P%'"))
                .containsExactly("live Back");
        for (int i = 0; i < 40; i++) {
            life.assertComplete("acme:P" + i);
        }
    }
}
