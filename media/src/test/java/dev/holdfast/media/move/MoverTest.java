package dev.holdfast.media.move;

import static dev.holdfast.media.blob.House.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.media.Batches;
import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.blob.BlobReads;
import dev.holdfast.media.blob.House;
import dev.holdfast.media.blob.PublishResult;
import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobException;
import dev.holdfast.media.store.BlobPolicy;
import dev.holdfast.media.store.CrashableDisk;
import dev.holdfast.media.store.Integrity;
import dev.holdfast.media.store.StoredBlob;
import dev.holdfast.media.sweep.BackupHolds;
import dev.holdfast.media.sweep.SweepReport;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestSchema;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Moves on a real PostgreSQL, beside readers, users, sweeps, backups and each other. */
@ExtendWith(HoldfastExtension.class)
class MoverTest {
    private static final byte[] CONTENT = new byte[700_000];

    @TempDir
    Path root;

    private Pool pool;
    private CrashableDisk disk;
    private House house;

    @BeforeEach
    void open(TestSchema schema) throws IOException {
        new Random(1).nextBytes(CONTENT);
        pool = schema.migrate("db/platform", "db/migration").openPool(8);
        disk = new CrashableDisk(root, 1);
        house = new House(pool, disk, root.resolve("media"));
    }

    @AfterEach
    void close() {
        house.close();
        pool.closeAndForget();
    }

    private Blob stored() {
        return ((PublishResult.Stored) house.publish(CONTENT, "ada")).blob();
    }

    private Blob now(Blob blob) {
        return await(house.blobs().live(blob.ref().id())).orElseThrow();
    }

    private Blob moved(Blob blob, Backend to) {
        MoveResult result = await(house.mover().move(blob, to));
        assertThat(result).isInstanceOf(MoveResult.Moved.class);
        return ((MoveResult.Moved) result).blob();
    }

    private Integrity verify(Blob blob) {
        return await(house.stores.of(blob.backend()).verify(blob.ref()));
    }

    private List<StoredBlob> stored(Backend backend) {
        return await(house.stores.of(backend).list().collect().asList());
    }

    private void assertOneCopy(Backend backend) {
        house.letIntentsExpire();
        await(house.sweeper().sweep(false));
        assertThat(await(house.sweeper().sweep(true))).isEqualTo(new SweepReport(0, 0, 0, 0, 0, false));
        assertThat(stored(Backend.FILES)).hasSize(backend == Backend.FILES ? 1 : 0);
        assertThat(stored(Backend.POSTGRES)).hasSize(backend == Backend.POSTGRES ? 1 : 0);
        assertThat(await(house.staging.list())).isEmpty();
    }

    @Test
    void isThereAndNoLongerHere() {
        // Given
        Blob blob = stored();

        // When
        Blob there = moved(blob, Backend.POSTGRES);

        // Then
        assertThat(there).isEqualTo(now(blob));
        assertThat(there.backend()).isEqualTo(Backend.POSTGRES);
        assertThat(there.ref().id()).isEqualTo(blob.ref().id());
        assertThat(verify(there)).isEqualTo(Integrity.INTACT);
        assertThat(verify(blob)).isEqualTo(Integrity.MISSING);
        assertThat(await(house.mover().move(there, Backend.POSTGRES))).isInstanceOf(MoveResult.Already.class);
        assertThat(await(house.mover().move(blob, Backend.POSTGRES))).isInstanceOf(MoveResult.Changed.class);

        // When it comes back
        Blob here = moved(there, Backend.FILES);

        // Then
        assertThat(verify(here)).isEqualTo(Integrity.INTACT);
        assertOneCopy(Backend.FILES);
    }

    @Test
    void aBackupKeepsTheOldBytesUntilItIsMade() {
        // Given
        Blob blob = stored();
        BackupHolds.Hold hold = await(house.holds().hold(Duration.ofMinutes(1)));

        // When
        Blob there = moved(blob, Backend.POSTGRES);
        await(house.references.detach(blob.ref().id(), House.by("ada")));
        SweepReport swept = await(house.sweeper().sweep(false));

        // Then what the copy of the database names is there, and so is what it would name now
        assertThat(swept.held()).isTrue();
        assertThat(verify(blob)).isEqualTo(Integrity.INTACT);
        assertThat(verify(there)).isEqualTo(Integrity.INTACT);

        // When
        await(house.holds().release(hold.id()));
        await(house.sweeper().sweep(false));

        // Then
        assertThat(stored(Backend.FILES)).isEmpty();
        assertThat(stored(Backend.POSTGRES)).isEmpty();
    }

    @Test
    void aSlowReaderReadsOnWhereItIsNow() {
        // Given a reader who has the first of three chunks
        Blob blob = moved(stored(), Backend.POSTGRES);
        Multi<Buffer> read = new BlobReads(house.blobs(), house.stores).read(blob, 0, CONTENT.length);
        AssertSubscriber<Buffer> reader = read.subscribe().withSubscriber(AssertSubscriber.create(1));
        reader.awaitItems(1);

        // When
        moved(moved(blob, Backend.FILES), Backend.POSTGRES);
        reader.request(Long.MAX_VALUE).awaitCompletion();

        // Then
        Buffer all = Buffer.buffer();
        reader.getItems().forEach(all::appendBuffer);
        assertThat(all.getBytes()).isEqualTo(CONTENT);
    }

    @Test
    void whatIsDamagedStaysWhereItIs() throws IOException {
        // Given
        Blob blob = stored();
        Path file = house.stores.of(Backend.FILES).file(blob.ref()).orElseThrow();
        byte[] other = CONTENT.clone();
        other[1]++;
        Files.write(file, other);

        // When
        MoveResult result = await(house.mover().move(blob, Backend.POSTGRES));

        // Then
        assertThat(result).isEqualTo(new MoveResult.Damaged(Integrity.CORRUPT));
        assertThat(now(blob)).isEqualTo(blob);
        assertThat(Files.readAllBytes(file)).isEqualTo(other);
        assertOneCopy(Backend.FILES);
    }

    @Test
    void aStoreThatFailsLeavesTheBlobWhereItIs() {
        // Given
        Blob there = moved(stored(), Backend.POSTGRES);
        disk.makeReadOnly(path -> path.getParent().endsWith("objects") || path.endsWith("objects"));
        disk.failNextSync(path -> path.getParent().getParent().endsWith("objects"));

        // When / Then
        assertThatThrownBy(() -> await(house.mover().move(there, Backend.FILES)))
                .isInstanceOf(BlobException.class);
        assertThat(now(there)).isEqualTo(there);
        assertThat(verify(there)).isEqualTo(Integrity.INTACT);
        disk.makeReadOnly(path -> false);
        assertOneCopy(Backend.POSTGRES);
    }

    /** Back and forth by many at once, while somebody sweeps, attaches, detaches and reads. */
    @Test
    void isThereAtEachMoment() throws Exception {
        // Given
        Blob blob = stored();
        var done = new AtomicBoolean();
        var reads = new BlobReads(house.blobs(), house.stores);
        Thread sweeping = Thread.ofPlatform().start(() -> {
            while (!done.get()) {
                await(house.sweeper().sweep(false));
            }
        });

        // When
        RaceGate<Integer> race = RaceGate.race(4, number -> () -> {
            var random = new Random(number);
            int read = 0;
            for (int i = 0; i < 15; i++) {
                Blob before = now(blob);
                if (random.nextBoolean()) {
                    await(house.references.attach(blob.ref().id(), House.by("user " + number)));
                } else {
                    await(house.references.detach(blob.ref().id(), House.by("user " + number)));
                }
                await(house.mover().move(before, before.backend() == Backend.FILES ? Backend.POSTGRES : Backend.FILES));
                read += whole(reads, blob) ? 1 : 0;
            }
            return read;
        });
        done.set(true);
        sweeping.join();

        // Then
        assertThat(race.failures()).isEmpty();
        race.assertWinners(4, read -> read == 15);
        Blob last = now(blob);
        assertThat(verify(last)).isEqualTo(Integrity.INTACT);
        assertOneCopy(last.backend());
    }

    /** As over HTTP: who finds nothing looks again. */
    private boolean whole(BlobReads reads, Blob blob) {
        byte[] read = await(house.blobs()
                        .live(blob.ref().id())
                        .chain(now -> reads.read(now.orElseThrow(), 0, CONTENT.length)
                                .collect()
                                .in(Buffer::buffer, (Buffer all, Buffer some) -> all.appendBuffer(some)))
                        .onFailure(BlobException.class)
                        .retry()
                        .atMost(20))
                .getBytes();
        return Arrays.equals(read, CONTENT);
    }

    @Test
    void manyAreMovedToWhereThePolicyWouldPutThem() {
        // Given two that are where they should be, and two that are not
        var policy =
                new BlobPolicy(List.of(new BlobPolicy.Rule("*/*", House.LARGE - 1, Backend.POSTGRES)), Backend.FILES);
        var moves = new Moves(pool, house.mover(), policy, 2);
        Blob large = stored();
        Blob small = ((PublishResult.Stored) house.publish(new byte[] {1}, "bob")).blob();
        Blob astray = ((PublishResult.Stored) house.publish(new byte[] {2}, "cat")).blob();
        moved(astray, Backend.FILES);
        moved(large, Backend.POSTGRES);

        // When / Then
        MovesReport dry = await(moves.run(Optional.empty(), Batches.FIRST, 10, true));
        assertThat(dry.found()).isEqualTo(2);
        assertThat(dry.moved()).isZero();
        MovesReport first = await(moves.run(Optional.empty(), Batches.FIRST, 1, false));
        assertThat(first.moved()).isEqualTo(1);
        MovesReport second = await(moves.run(Optional.empty(), first.last(), 10, false));
        assertThat(second.moved()).isEqualTo(1);
        assertThat(second.last()).isNull();
        assertThat(now(large).backend()).isEqualTo(Backend.FILES);
        assertThat(now(small)).isEqualTo(small);
        assertThat(now(astray).backend()).isEqualTo(Backend.POSTGRES);
        assertThat(await(moves.run(Optional.of(Backend.POSTGRES), Batches.FIRST, 10, false))
                        .moved())
                .isEqualTo(1);
        assertThat(verify(now(large))).isEqualTo(Integrity.INTACT);
    }
}
