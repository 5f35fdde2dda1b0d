package dev.holdfast.media.scrub;

import static dev.holdfast.media.blob.House.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.blob.House;
import dev.holdfast.media.blob.PublishResult;
import dev.holdfast.media.move.MoveResult;
import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.Integrity;
import dev.holdfast.media.store.TroubledStore;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(HoldfastExtension.class)
class ScrubberTest {
    private static final UUID FIRST = new UUID(0, 0);

    @TempDir
    Path root;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Random random = new Random(1);
    private Instant time = Instant.parse("2026-11-28T12:00:00Z");
    private Pool pool;
    private House house;

    @BeforeEach
    void open(TestSchema schema) {
        pool = schema.migrate("db/platform", "db/migration").openPool(4);
        house = new House(pool, new Disk(), root.resolve("media"));
    }

    @AfterEach
    void close() {
        house.close();
        pool.closeAndForget();
    }

    private Scrubber scrubber(BlobStores stores) {
        return new Scrubber(
                pool,
                house.blobs(),
                stores,
                house.mover(),
                new ScrubMetrics(meters),
                Clock.fixed(time, ZoneOffset.UTC),
                0);
    }

    private ScrubReport scrub() {
        return scrub(Integer.MAX_VALUE);
    }

    private ScrubReport scrub(int limit) {
        return await(scrubber(house.stores).run("a test", limit)).orElseThrow();
    }

    private List<DamageRepresentation> damages() {
        return await(ScrubStore.page(pool, FIRST, 100));
    }

    private Blob stored(int size) {
        byte[] content = new byte[size];
        random.nextBytes(content);
        return ((PublishResult.Stored) house.publish(content, "ada")).blob();
    }

    private Path file(Blob blob) {
        return house.stores.of(Backend.FILES).file(blob.ref()).orElseThrow();
    }

    private Blob moved(Blob blob, Backend to) {
        return ((MoveResult.Moved) await(house.mover().move(blob, to))).blob();
    }

    private Blob now(Blob blob) {
        return await(house.blobs().live(blob.ref().id())).orElseThrow();
    }

    @Test
    void findsNothingWhereNothingIsWrong() {
        stored(10_000);
        stored(10);
        assertThat(scrub()).isEqualTo(new ScrubReport(2, 10_010, 0, 0, 0, 0, 0, true));
        assertThat(damages()).isEmpty();
        assertThat(meters.get("holdfast.media.scrub").counter().count()).isEqualTo(10_010);
        assertThat(meters.get("holdfast.media.damages").gauge().value()).isZero();
    }

    @Test
    void remembersWhatIsDamagedUntilItIsWholeAgain() throws IOException {
        // Given
        Blob missing = stored(10_000);
        Blob corrupt = stored(10_001);
        byte[] whole = Files.readAllBytes(file(missing));
        Files.delete(file(missing));
        byte[] other = Files.readAllBytes(file(corrupt));
        other[7]++;
        Files.write(file(corrupt), other);
        Instant first = time;

        // When
        ScrubReport found = scrub();
        time = time.plusSeconds(60);
        ScrubReport again = scrub();

        // Then
        assertThat(found).isEqualTo(new ScrubReport(0, 0, 1, 1, 0, 0, 0, true)).isEqualTo(again);
        assertThat(damages())
                .extracting(DamageRepresentation::id, DamageRepresentation::kind)
                .containsExactlyInAnyOrder(
                        tuple(missing.ref().id(), "missing"),
                        tuple(corrupt.ref().id(), "corrupt"));
        assertThat(damages()).allSatisfy(damage -> {
            assertThat(damage.firstSeenAt()).isEqualTo(first);
            assertThat(damage.lastSeenAt()).isEqualTo(time);
        });
        assertThat(meters.get("holdfast.media.damages").gauges())
                .anySatisfy(gauge -> assertThat(gauge.value()).isEqualTo(2));

        // When the bytes of one are put back, and nobody uses the other any more
        Files.write(file(missing), whole);
        await(house.references.detach(corrupt.ref().id(), House.by("ada")));
        await(house.sweeper().sweep(false));

        // Then
        assertThat(scrub().cleared()).isEqualTo(1);
        assertThat(damages()).isEmpty();
    }

    @Test
    void repairsFromWhereItWasBefore() {
        // Given a blob that has moved while a backup was made, and is then spoilt
        Blob before = stored(10_000);
        UUID hold = await(house.holds().hold(Duration.ofMinutes(1))).id();
        Blob spoilt = moved(before, Backend.POSTGRES);
        spoilChunks();

        // When
        ScrubReport report = scrub();

        // Then the backup may still have the bytes that it found
        assertThat(report).isEqualTo(new ScrubReport(0, 0, 0, 0, 1, 0, 0, true));
        Blob repaired = now(before);
        assertThat(repaired.backend()).isEqualTo(Backend.POSTGRES);
        assertThat(repaired.ref().copy()).isNotEqualTo(spoilt.ref().copy());
        assertThat(await(house.stores.of(Backend.POSTGRES).verify(repaired.ref())))
                .isEqualTo(Integrity.INTACT);
        assertThat(await(house.stores.of(Backend.POSTGRES).verify(spoilt.ref())))
                .isEqualTo(Integrity.CORRUPT);
        assertThat(damages()).isEmpty();

        // When
        await(house.holds().release(hold));
        await(house.sweeper().sweep(false));

        // Then
        assertThat(await(house.stores.of(Backend.POSTGRES).list().collect().asList()))
                .hasSize(1);
        assertThat(await(house.stores.of(Backend.FILES).list().collect().asList()))
                .isEmpty();
    }

    private void spoilChunks() {
        // as its owner, since the service may not
        schemaOf().execute("UPDATE blob_chunk SET bytes = set_byte(bytes, 0, 255 - get_byte(bytes, 0))");
    }

    private TestSchema schemaOf() {
        return new TestSchema(await(pool.query("SELECT current_schema()::text").execute())
                .iterator()
                .next()
                .getString(0));
    }

    @Test
    void leavesTheSpoiltOneAloneWhenItCannotBeRepaired() {
        // Given one whose old bytes are gone
        Blob spoilt = moved(stored(10_000), Backend.POSTGRES);
        spoilChunks();

        // When / Then
        assertThat(scrub().corrupt()).isEqualTo(1);
        assertThat(now(spoilt)).isEqualTo(spoilt);
        assertThat(await(house.stores.of(Backend.POSTGRES).verify(spoilt.ref())))
                .isEqualTo(Integrity.CORRUPT);
        assertThat(await(house.staging.list())).isEmpty();
    }

    @Test
    void tellsNothingOfWhatHasMovedOrGoneSinceItsRowWasRead() {
        // Given
        Blob moving = stored(10_000);
        var during = new AtomicReference<Runnable>(() -> moved(moving, Backend.POSTGRES));
        var stores = new BlobStores(Map.of(
                Backend.FILES,
                TroubledStore.before(
                        house.stores.of(Backend.FILES),
                        "verify",
                        () -> during.getAndSet(() -> {}).run()),
                Backend.POSTGRES,
                TroubledStore.before(
                        house.stores.of(Backend.POSTGRES),
                        "verify",
                        () -> during.getAndSet(() -> {}).run())));

        // When / Then
        assertThat(await(scrubber(stores).run("a test", 10)).orElseThrow())
                .isEqualTo(new ScrubReport(1, 10_000, 0, 0, 0, 0, 0, true));

        // Given
        during.set(() -> {
            await(house.references.detach(moving.ref().id(), House.by("ada")));
            await(house.sweeper().sweep(false));
        });

        // When / Then
        assertThat(await(scrubber(stores).run("a test", 10)).orElseThrow())
                .isEqualTo(new ScrubReport(0, 0, 0, 0, 0, 0, 0, true));
        assertThat(damages()).isEmpty();
    }

    @Test
    void aStoreThatDoesNotAnswerIsNoDamage() {
        // Given
        for (int i = 0; i < 5; i++) {
            stored(10_000 + i);
        }
        stored(10);
        var asked = new AtomicReference<>(0);
        var stores = new BlobStores(Map.of(
                Backend.FILES,
                TroubledStore.before(house.stores.of(Backend.FILES), "verify", () -> {
                    asked.getAndUpdate(before -> before + 1);
                    throw TroubledStore.unavailable();
                }),
                Backend.POSTGRES,
                house.stores.of(Backend.POSTGRES)));

        // When
        ScrubReport report = await(scrubber(stores).run("a test", 100)).orElseThrow();

        // Then it is not asked for ever
        assertThat(report).isEqualTo(new ScrubReport(1, 10, 0, 0, 0, 0, 5, true));
        assertThat(asked.get()).isEqualTo(3);
        assertThat(damages()).isEmpty();
    }

    @Test
    void goesOnWhereItStopped() {
        for (int i = 0; i < 120; i++) {
            stored(10 + i);
        }
        assertThat(scrub(70)).returns(70L, ScrubReport::intact).returns(false, ScrubReport::finished);
        assertThat(scrub(70)).returns(50L, ScrubReport::intact).returns(true, ScrubReport::finished);
        assertThat(scrub(70)).returns(70L, ScrubReport::intact).returns(false, ScrubReport::finished);
    }

    @Test
    void oneAtATime() {
        var second = new AtomicReference<Optional<ScrubReport>>();
        stored(10_000);
        var stores = new BlobStores(Map.of(
                Backend.FILES,
                TroubledStore.before(
                        house.stores.of(Backend.FILES),
                        "verify",
                        () -> second.set(await(scrubber(house.stores).run("another", 10))))));
        assertThat(await(scrubber(stores).run("a test", 10))).isPresent();
        assertThat(second.get()).isEmpty();
        assertThat(await(scrubber(house.stores).run("another", 10))).isPresent();
    }
}
