package dev.holdfast.media.store;

import static dev.holdfast.media.store.StoreFixture.SIZE_MAX;
import static dev.holdfast.media.store.StoreFixture.await;
import static dev.holdfast.media.store.StoreFixture.bytes;
import static dev.holdfast.media.store.StoreFixture.chunks;
import static dev.holdfast.media.store.StoreFixture.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.media.store.UploadException.Reason;
import dev.holdfast.platform.batch.OverloadedException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingTest {
    private static final int CRASHES = 200;

    @TempDir
    Path directory;

    private final FileWork work = new FileWork(2, 100);
    private final UUID id = UUID.randomUUID();
    private CrashableDisk disk;
    private Staging staging;

    @BeforeEach
    void start() throws IOException {
        disk = new CrashableDisk(directory, 1);
        staging = new Staging(disk, directory.resolve("media"), work);
    }

    @AfterEach
    void stop() {
        work.close();
    }

    private Staging restarted() throws IOException {
        disk.restartAfterKill();
        return new Staging(disk, directory.resolve("media"), work);
    }

    private static Reason reason(Throwable failure) {
        return ((UploadException) failure).reason();
    }

    @Test
    void hashesAndCountsWhatItWrites() throws IOException {
        // Given
        byte[] content = bytes(200_000, 1);
        Upload upload = await(staging.begin(id, SIZE_MAX));

        // When
        await(upload.append(0, chunks(content, 7_777)));
        StagedFile staged = await(upload.finish());

        // Then
        assertThat(staged.id()).isEqualTo(id);
        assertThat(staged.size()).isEqualTo(200_000);
        assertThat(staged.sha256()).isEqualTo(Sha256.of(content));
        assertThat(Files.readAllBytes(staged.path())).isEqualTo(content);
    }

    @Test
    void takesAnEmptyUpload() {
        Upload upload = await(staging.begin(id, 0));

        assertThat(await(upload.append(0, Multi.createFrom().empty()))).isZero();
        assertThat(await(upload.finish()).sha256()).isEqualTo(Sha256.of(new byte[0]));
    }

    @Test
    void whatNobodyWaitsForAnyMoreIsClosedWhenItIsOpen() throws Exception {
        // Given a disk that takes its time
        var asked = new CountDownLatch(1);
        var answered = new CountDownLatch(1);
        var slow = new Disk() {
            @Override
            public OpenFile create(Path file) throws IOException {
                asked.countDown();
                try {
                    answered.await();
                } catch (InterruptedException impossible) {
                    throw new IOException(impossible);
                }
                return super.create(file);
            }
        };
        var slowly = new Staging(slow, directory, work);
        Cancellable caller = slowly.begin(id, SIZE_MAX).subscribe().with(upload -> {});
        asked.await();

        // When
        caller.cancel();
        answered.countDown();

        // Then
        Awaitility.await()
                .untilAsserted(() -> assertThat(await(slowly.discard(id))).isTrue());
    }

    @Test
    void asksForTheNextBufferWhenThisOneIsWritten() {
        // Given somebody who could send without end
        var sent = new AtomicInteger();
        Upload upload = await(staging.begin(id, 10));
        Multi<Buffer> endless = Multi.createBy()
                .repeating()
                .supplier(() -> {
                    sent.incrementAndGet();
                    return Buffer.buffer("x");
                })
                .indefinitely();

        // When
        Throwable failure = failure(upload.append(0, endless));

        // Then
        assertThat(reason(failure)).isEqualTo(Reason.TOO_LARGE);
        assertThat(sent.get()).isLessThanOrEqualTo(12);
        assertThat(upload.offset()).isEqualTo(10);
    }

    @Test
    void refusesBytesThatBelongElsewhere() {
        Upload upload = await(staging.begin(id, SIZE_MAX));
        await(upload.append(0, chunks(bytes(10, 1), 10)));

        assertThat(reason(failure(upload.append(9, chunks(bytes(1, 1), 1))))).isEqualTo(Reason.WRONG_OFFSET);
        assertThat(await(upload.append(10, chunks(bytes(1, 1), 1)))).isEqualTo(11);
    }

    @Test
    void keepsWhatCameBeforeTheSenderWentAway() throws IOException {
        // Given
        byte[] content = bytes(1000, 1);
        Upload upload = await(staging.begin(id, SIZE_MAX));
        Multi<Buffer> cutOff = Multi.createBy()
                .concatenating()
                .streams(
                        chunks(Arrays.copyOf(content, 600), 100),
                        Multi.createFrom().failure(new IOException("connection reset")));

        // When
        Throwable failure = failure(upload.append(0, cutOff));

        // Then
        assertThat(failure).hasMessage("connection reset");
        assertThat(await(upload.append(600, chunks(Arrays.copyOfRange(content, 600, 1000), 100))))
                .isEqualTo(1000);
        assertThat(await(upload.finish()).sha256()).isEqualTo(Sha256.of(content));
    }

    @Test
    void resumesAfterARestartWithTheBytesOfItsLastCheckpoint() throws IOException {
        // Given
        byte[] content = bytes(500_000, 1);
        Upload upload = await(staging.begin(id, SIZE_MAX));
        await(upload.append(0, chunks(Arrays.copyOf(content, 300_000), 10_000)));
        await(upload.checkpoint());
        await(upload.append(300_000, chunks(bytes(50_000, 99), 10_000)));
        Staging again = restarted();

        // When
        Upload resumed = await(again.resume(id, SIZE_MAX));

        // Then
        assertThat(resumed.offset()).isEqualTo(300_000);
        await(resumed.append(300_000, chunks(Arrays.copyOfRange(content, 300_000, 500_000), 10_000)));
        StagedFile staged = await(resumed.finish());
        assertThat(staged.sha256()).isEqualTo(Sha256.of(content));
        assertThat(Files.readAllBytes(staged.path())).isEqualTo(content);
    }

    @Test
    void forgetsWhatCameAfterTheCheckpoint() throws IOException {
        // Given
        Upload upload = await(staging.begin(id, SIZE_MAX));
        await(upload.append(0, chunks(bytes(300, 1), 100)));
        await(upload.checkpoint());
        await(upload.append(300, chunks(bytes(700, 2), 100)));

        // When
        StagedFile staged = await(await(restarted().resume(id, SIZE_MAX)).finish());

        // Then
        assertThat(staged.size()).isEqualTo(300);
        assertThat(Files.readAllBytes(staged.path())).isEqualTo(bytes(300, 1));
    }

    /** Whoever resumes cannot know how far a checkpoint came that was never acknowledged. */
    @Test
    void makesDurableWhatAKilledProcessHadBegunToCheckpoint() throws IOException {
        for (int seed = 0; seed < 100; seed++) {
            // Given
            Path root = Files.createTempDirectory(directory, "round");
            disk = new CrashableDisk(root, seed);
            Path base = root.resolve("media");
            Upload upload = await(new Staging(disk, base, work).begin(id, SIZE_MAX));
            await(upload.append(0, chunks(bytes(100, 1), 100)));
            // after sync, create, write and sync: the directory
            disk.cutPowerAt(4);
            failure(upload.checkpoint());
            disk.restartAfterKill();

            // When
            Upload resumed = await(new Staging(disk, base, work).resume(id, SIZE_MAX));
            long acknowledged = await(resumed.checkpoint());

            // Then
            disk.restart();
            assertThat(await(new Staging(disk, base, work).resume(id, SIZE_MAX)).offset())
                    .isEqualTo(acknowledged);
        }
    }

    @Test
    void resumesBehindAFinishThatNothingCameOf() throws IOException {
        // Given
        byte[] content = bytes(100, 1);
        Upload upload = await(staging.begin(id, SIZE_MAX));
        await(upload.checkpoint());
        await(upload.append(0, chunks(content, 100)));
        await(upload.finish());

        // When
        Upload resumed = await(restarted().resume(id, SIZE_MAX));

        // Then
        assertThat(resumed.offset()).isEqualTo(100);
        assertThat(await(resumed.finish()).sha256()).isEqualTo(Sha256.of(content));
    }

    @Test
    void hasOneWriterAtATime() {
        Upload upload = await(staging.begin(id, SIZE_MAX));
        await(upload.checkpoint());

        assertThat(reason(failure(staging.resume(id, SIZE_MAX)))).isEqualTo(Reason.BUSY);
        assertThat(reason(failure(staging.discard(id)))).isEqualTo(Reason.BUSY);
        await(upload.close());
        assertThat(await(staging.resume(id, SIZE_MAX)).offset()).isZero();
    }

    @Test
    void knowsWhatIsThereAndWhatIsNot() {
        Upload upload = await(staging.begin(id, SIZE_MAX));
        await(upload.checkpoint());
        await(upload.close());

        assertThat(reason(failure(staging.begin(id, SIZE_MAX)))).isEqualTo(Reason.EXISTS);
        assertThat(reason(failure(staging.resume(UUID.randomUUID(), SIZE_MAX)))).isEqualTo(Reason.MISSING);
        assertThat(await(staging.list())).containsExactly(id);
        assertThat(await(staging.discard(id))).isTrue();
        assertThat(await(staging.discard(id))).isFalse();
        assertThat(await(staging.list())).isEmpty();
    }

    @Test
    void failsForEverWhenASyncFailed() {
        // Given
        Upload upload = await(staging.begin(id, SIZE_MAX));
        await(upload.append(0, chunks(bytes(100, 1), 100)));
        disk.failNextSync(path -> path.endsWith(id.toString()));

        // When
        Throwable failure = failure(upload.finish());

        // Then
        assertThat(reason(failure)).isEqualTo(Reason.BROKEN);
        assertThat(failure).hasMessageContaining("Input/output error");
        assertThat(reason(failure(upload.finish()))).isEqualTo(Reason.BROKEN);
    }

    @Test
    void resumesFromBeforeASyncThatFailedAndLosesNothing() throws IOException {
        // Given
        byte[] content = bytes(20_000, 1);
        Upload upload = await(staging.begin(id, SIZE_MAX));
        await(upload.append(0, chunks(Arrays.copyOf(content, 5_000), 100)));
        await(upload.checkpoint());
        await(upload.append(5_000, chunks(Arrays.copyOfRange(content, 5_000, 20_000), 100)));
        disk.failNextSync(path -> path.endsWith(id.toString()));
        failure(upload.finish());
        await(upload.close());

        // When
        Upload resumed = await(staging.resume(id, SIZE_MAX));

        // Then
        assertThat(resumed.offset()).isEqualTo(5_000);
        await(resumed.append(5_000, chunks(Arrays.copyOfRange(content, 5_000, 20_000), 100)));
        StagedFile staged = await(resumed.finish());
        disk.restart();
        assertThat(Files.readAllBytes(staged.path())).isEqualTo(content);
    }

    @Test
    void saysThatTheDiskIsFull() {
        // Given
        Upload upload = await(staging.begin(id, SIZE_MAX));
        disk.limitSpace(150);

        // When
        Throwable failure = failure(upload.append(0, chunks(bytes(1000, 1), 100)));

        // Then
        assertThat(reason(failure)).isEqualTo(Reason.BROKEN);
        assertThat(failure).hasMessageContaining("No space left on device");
        await(upload.close());
        assertThat(await(staging.discard(id))).isTrue();
    }

    @Test
    void saysThatTheDirectoryIsReadOnly() {
        disk.makeReadOnly(path -> path.endsWith("staging"));

        assertThat(failure(staging.begin(id, SIZE_MAX))).isInstanceOf(UploadException.class);
    }

    @Test
    void shedsLoadWhenTooManyWaitForTheDisk() throws InterruptedException {
        // Given a disk that hangs
        var hangs = new CountDownLatch(1);
        try (var few = new FileWork(1, 1)) {
            few.run(() -> {
                        hangs.await();
                        return true;
                    })
                    .subscribe()
                    .with(done -> {});
            few.run(() -> true).subscribe().with(done -> {});

            // When / Then
            assertThatThrownBy(() -> await(few.run(() -> true))).isInstanceOf(OverloadedException.class);
            hangs.countDown();
        }
    }

    /** The client was told an offset: the bytes before it are there after any power cut, and they are the right ones. */
    @Test
    void neverGoesBackBehindACheckpointNorTakesOnWrongBytes() throws IOException {
        assertThat(firstLoss(path -> false)).isEmpty();
    }

    @Test
    void wouldLoseCheckpointsWithoutSyncingTheFile() throws IOException {
        assertThat(firstLoss(path -> path.endsWith(id.toString()))).isNotEmpty();
    }

    @Test
    void wouldLoseCheckpointsWithoutSyncingThem() throws IOException {
        assertThat(firstLoss(path -> path.toString().endsWith(".checkpoints"))).isNotEmpty();
    }

    @Test
    void wouldLoseCheckpointsWithoutSyncingTheDirectory() throws IOException {
        assertThat(firstLoss(path -> path.endsWith("staging"))).isNotEmpty();
    }

    private String firstLoss(Predicate<Path> forgotten) throws IOException {
        for (int seed = 0; seed < CRASHES; seed++) {
            String found = crash(seed, forgotten);
            if (!found.isEmpty()) {
                return "seed %d: %s".formatted(seed, found);
            }
        }
        return "";
    }

    private String crash(int seed, Predicate<Path> forgotten) throws IOException {
        var random = new SplittableRandom(seed);
        Path root = Files.createTempDirectory(directory, "round");
        disk = new CrashableDisk(root, seed);
        disk.loseSyncs(forgotten);
        Path base = root.resolve("media");
        byte[] content = bytes(30_000, seed);
        long acknowledged = -1;
        disk.cutPowerAt(random.nextInt(30));
        try {
            Upload upload = await(new Staging(disk, base, work).begin(id, SIZE_MAX));
            for (int at = 0; at < content.length; ) {
                int end = Math.min(content.length, at + 1 + random.nextInt(9_000));
                await(upload.append(at, chunks(Arrays.copyOfRange(content, at, end), 4_000)));
                at = end;
                if (random.nextBoolean()) {
                    acknowledged = await(upload.checkpoint());
                }
            }
        } catch (UploadException powerCut) {
            // as was asked for
        }
        disk.restart();
        try {
            Upload resumed = await(new Staging(disk, base, work).resume(id, SIZE_MAX));
            int from = (int) resumed.offset();
            if (from < acknowledged) {
                return "back at %d from %d".formatted(from, acknowledged);
            }
            await(resumed.append(from, chunks(Arrays.copyOfRange(content, from, content.length), 4_000)));
            StagedFile staged = await(resumed.finish());
            boolean right = staged.sha256().equals(Sha256.of(content))
                    && Arrays.equals(Files.readAllBytes(staged.path()), content);
            return right ? "" : "other bytes";
        } catch (UploadException failed) {
            return failed.reason() == Reason.MISSING && acknowledged < 0 ? "" : failed.getMessage();
        }
    }

    @Test
    void goesOnAfterACallerWhoCancelled() throws IOException {
        // Given
        byte[] content = bytes(100_000, 3);
        Upload upload = await(staging.begin(id, SIZE_MAX));
        var seen = new AtomicInteger();
        Multi<Buffer> source = chunks(content, 1_000).onItem().invoke(seen::incrementAndGet);

        // When
        upload.append(0, source).subscribe().with(done -> {}).cancel();

        // Then
        Awaitility.await().during(Duration.ofMillis(50)).until(() -> true);
        int from = (int) upload.offset();
        await(upload.append(from, chunks(Arrays.copyOfRange(content, from, content.length), 10_000)));
        assertThat(await(upload.finish()).sha256()).isEqualTo(Sha256.of(content));
    }
}
