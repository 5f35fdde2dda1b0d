package dev.holdfast.media.sweep;

import static dev.holdfast.media.blob.House.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.blob.House;
import dev.holdfast.media.blob.PublishResult;
import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobException;
import dev.holdfast.media.store.BlobRef;
import dev.holdfast.media.store.BlobStore;
import dev.holdfast.media.store.CrashableDisk;
import dev.holdfast.media.store.Integrity;
import dev.holdfast.media.store.Sha256;
import dev.holdfast.media.store.StagedFile;
import dev.holdfast.media.store.StoredBlob;
import dev.holdfast.media.store.TroubledStore;
import dev.holdfast.media.store.UploadException;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stores and disks that fail, while something is published or swept. */
@ExtendWith(HoldfastExtension.class)
class SweepTroubleTest {
    @TempDir
    Path root;

    private final Random random = new Random(1);
    private final AtomicReference<String> broken = new AtomicReference<>("");
    private volatile long slowMs;
    private Pool pool;
    private CrashableDisk disk;
    private House house;

    @BeforeEach
    void open(TestSchema schema) throws IOException {
        pool = schema.migrate("db/platform", "db/migration").openPool(4);
        disk = new CrashableDisk(root, 1);
        house = new House(pool, disk, root.resolve("media"), this::breaking);
    }

    @AfterEach
    void close() {
        house.close();
        pool.closeAndForget();
    }

    /** Fails in what is called as {@link #broken}, when it is a store of files. */
    private BlobStore breaking(BlobStore store) {
        boolean isOfFiles = store.file(new BlobRef(new UUID(0, 0), Sha256.of(new byte[0]), 0))
                .isPresent();
        BlobStore around = store;
        for (String method : isOfFiles ? List.of("list", "delete", "put") : List.<String>of()) {
            around = TroubledStore.before(around, method, () -> {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(slowMs));
                if (broken.get().equals(method)) {
                    throw TroubledStore.unavailable();
                }
            });
        }
        return around;
    }

    private byte[] content(int size) {
        byte[] content = new byte[size];
        random.nextBytes(content);
        return content;
    }

    private Blob unused(int size) {
        Blob blob = ((PublishResult.Stored) house.publish(content(size), "ada")).blob();
        await(house.references.detach(blob.ref().id(), House.by("ada")));
        return blob;
    }

    private List<StoredBlob> stored(Backend backend) {
        return await(house.stores.of(backend).list().collect().asList());
    }

    private void assertNothingIsLeft() {
        house.letIntentsExpire();
        SweepReport swept = await(house.sweeper().sweep(false));
        assertThat(swept.failed()).isEmpty();
        assertThat(stored(Backend.FILES)).isEmpty();
        assertThat(stored(Backend.POSTGRES)).isEmpty();
        assertThat(await(house.staging.list())).isEmpty();
    }

    // ---- sweeps

    /** So that those who upload meanwhile are not kept waiting. */
    @Test
    void afterABatchItRestsAsLongAsItIsTold() {
        // Given
        unused(House.LARGE);
        slowMs = 100;

        // When
        long beginNs = System.nanoTime();
        await(house.sweeper(3.0).sweep(false));

        // Then
        assertThat(Duration.ofNanos(System.nanoTime() - beginNs)).isGreaterThan(Duration.ofMillis(400));
        assertNothingIsLeft();
    }

    @Test
    void aStoreThatCannotBeListedKeepsNothingElseFromBeingSwept() {
        // Given bytes that nobody owns in both stores
        unused(2 * House.LARGE);
        unused(10);
        await(pool.query("DELETE FROM blob").execute());
        house.stage(content(5));
        await(pool.query("DELETE FROM upload_intent").execute());
        broken.set("list");

        // When
        SweepReport report = await(house.sweeper().sweep(false));

        // Then
        assertThat(report).isEqualTo(new SweepReport(0, 0, 1, 1, 10, false, Set.of("files")));
        assertThat(stored(Backend.POSTGRES)).isEmpty();

        // When it is back
        broken.set("");
        assertThat(await(house.sweeper().sweep(false)).stored()).isEqualTo(1);
        assertNothingIsLeft();
    }

    @Test
    void bytesThatCannotBeDeletedAreFoundByTheNextSweep() {
        // Given
        unused(2 * House.LARGE);
        unused(10);
        broken.set("delete");

        // When
        SweepReport report = await(house.sweeper().sweep(false));

        // Then
        assertThat(report.failed()).containsExactly("files");
        assertThat(report.unused()).isEqualTo(2);
        assertThat(stored(Backend.POSTGRES)).isEmpty();
        broken.set("");
        assertNothingIsLeft();
    }

    @Test
    void aFileThatCannotBeDeletedKeepsNoOtherOne() {
        // Given
        Blob stuck = unused(2 * House.LARGE);
        unused(2 * House.LARGE);
        unused(2 * House.LARGE);
        Path folder =
                house.stores.of(Backend.FILES).file(stuck.ref()).orElseThrow().getParent();
        disk.makeReadOnly(folder::equals);

        // When
        SweepReport report = await(house.sweeper().sweep(false));

        // Then
        assertThat(report.failed()).containsExactly("files");
        assertThat(stored(Backend.FILES))
                .extracting(StoredBlob::id)
                .containsExactly(stuck.ref().copy());
        disk.makeReadOnly(path -> false);
        assertNothingIsLeft();
    }

    @Test
    void isMeasured() {
        // Given
        var meters = new SimpleMeterRegistry();
        var metrics = new SweepMetrics(meters, Clock.systemUTC());
        unused(2 * House.LARGE);
        broken.set("list");

        // When
        await(metrics.measured(house.sweeper().sweep(false)));

        // Then
        assertThat(meters.get("holdfast.media.sweep.swept")
                        .tag("kind", "unused")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(meters.get("holdfast.media.sweep").counter().count()).isEqualTo(2 * House.LARGE);
        assertThat(meters.get("holdfast.media.sweep.failures")
                        .tag("part", "files")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(meters.get("holdfast.media.sweep.last.success").gauge().value())
                .isZero();
        assertThat(meters.get("holdfast.media.sweep.duration").timer().count()).isEqualTo(1);

        // When
        broken.set("");
        await(metrics.measured(house.sweeper().sweep(false)));

        // Then
        assertThat(meters.get("holdfast.media.sweep.last.success").gauge().value())
                .isPositive();
    }

    // ---- uploads

    enum Trouble {
        DISK_FULL,
        FILE_NOT_SYNCED,
        DIRECTORY_NOT_SYNCED,
        READ_ONLY
    }

    private void begin(Trouble trouble) {
        switch (trouble) {
            case DISK_FULL -> disk.limitSpace(1_000);
            case FILE_NOT_SYNCED -> disk.failNextSync(path -> path.getParent().endsWith("staging"));
            case DIRECTORY_NOT_SYNCED ->
                disk.failNextSync(path -> path.getParent().getParent().endsWith("objects"));
            case READ_ONLY -> disk.makeReadOnly(path -> true);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheDiskDoesNotTakeIsNotAcknowledgedAndLeavesNothing(Trouble trouble) {
        // Given
        begin(trouble);

        // When
        assertThatThrownBy(() -> house.publish(content(2 * House.LARGE), "ada"))
                .isInstanceOfAny(UploadException.class, BlobException.class);

        // Then
        assertThat(await(pool.query("SELECT FROM media_ref").execute()).rowCount())
                .isZero();
        disk.limitSpace(Long.MAX_VALUE);
        disk.makeReadOnly(path -> false);
        assertNothingIsLeft();

        // And it goes on
        Blob blob = ((PublishResult.Stored) house.publish(content(2 * House.LARGE), "bob")).blob();
        assertThat(await(house.stores.of(Backend.FILES).verify(blob.ref()))).isEqualTo(Integrity.INTACT);
    }

    @Test
    void whatIsKeptIsAcknowledgedEvenIfSomethingIsLeftOver() {
        // Given one that goes to the database, so that its staged file is to be deleted
        StagedFile staged = house.stage(content(10));
        disk.makeReadOnly(path -> path.endsWith("staging"));

        // When
        PublishResult result = house.publish(staged, "ada");

        // Then
        assertThat(result).isInstanceOf(PublishResult.Stored.class);
        assertThat(await(house.staging.list())).containsExactly(staged.id());
        assertThat(await(house.sweeper().sweep(false)).failed()).containsExactly("staging");
        disk.makeReadOnly(path -> false);
        await(pool.query("DELETE FROM media_ref").execute());
        assertNothingIsLeft();
    }

    @Test
    void bytesThatLostToTheSameOnesAreLeftToTheSweep() {
        // Given two uploads of the same bytes, the first of which is kept while the second one is put
        byte[] content = content(2 * House.LARGE);
        StagedFile slower = house.stage(content);
        var during = new AtomicReference<Runnable>(() -> house.publish(content, "bob"));
        var other = new House(pool, disk, root.resolve("media"), store -> losing(store, during));

        // When
        PublishResult result = other.publish(slower, "ada");

        // Then
        assertThat(result).isInstanceOf(PublishResult.Known.class);
        assertThat(stored(Backend.FILES)).hasSize(2);
        await(house.sweeper().sweep(false));
        assertThat(stored(Backend.FILES)).hasSize(1);
        other.close();
    }

    /** Somebody is faster while it puts, and it deletes nothing. */
    private static BlobStore losing(BlobStore store, AtomicReference<Runnable> during) {
        return TroubledStore.before(
                TroubledStore.before(
                        store, "put", () -> during.getAndSet(() -> {}).run()),
                "delete",
                () -> {
                    throw TroubledStore.unavailable();
                });
    }
}
