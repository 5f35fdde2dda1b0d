package dev.holdfast.media.store;

import static dev.holdfast.media.store.StoreFixture.await;
import static dev.holdfast.media.store.StoreFixture.bytes;
import static dev.holdfast.media.store.StoreFixture.failure;
import static dev.holdfast.media.store.StoreFixture.ref;
import static dev.holdfast.media.store.StoreFixture.stage;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a put has completed is there after any power cut, and what is there under a final name is whole. */
class FileStoreCrashTest {
    private static final int CRASHES = 250;
    private static final int OPERATIONS = 22;

    @TempDir
    Path directory;

    private final FileWork work = new FileWork(1, 10);

    @AfterEach
    void stop() {
        work.close();
    }

    private interface Way {
        void put(CrashableDisk disk, Path base, BlobRef ref, byte[] content) throws IOException;
    }

    private void asItShouldBe(CrashableDisk disk, Path base, BlobRef ref, byte[] content) {
        var staging = new Staging(disk, base, work);
        await(new FileStore(disk, base, work).put(ref, stage(staging, ref.id(), content)));
    }

    private Way forgetting(Predicate<Path> syncs) {
        return (disk, base, ref, content) -> {
            disk.loseSyncs(syncs);
            asItShouldBe(disk, base, ref, content);
        };
    }

    @Test
    void losesNothing() throws IOException {
        assertThat(firstLoss(this::asItShouldBe, Integrity.MISSING, Integrity.CORRUPT))
                .isEmpty();
    }

    @Test
    void wouldLoseBytesWithoutSyncingTheFile() throws IOException {
        assertThat(firstLoss(forgetting(path -> path.getParent().endsWith("staging")), Integrity.CORRUPT))
                .isPresent();
    }

    @Test
    void wouldLoseTheNameWithoutSyncingItsDirectory() throws IOException {
        assertThat(firstLoss(forgetting(path -> path.getParent().getParent().endsWith("objects")), Integrity.MISSING))
                .isPresent();
    }

    @Test
    void wouldLoseNewDirectoriesWithoutSyncingTheirParents() throws IOException {
        assertThat(firstLoss(forgetting(path -> path.endsWith("objects")), Integrity.MISSING))
                .isPresent();
        assertThat(firstLoss(forgetting(path -> path.endsWith("media")), Integrity.MISSING))
                .isPresent();
    }

    @Test
    void wouldShowHalfAFileWhenItIsRenamedBeforeItIsSynced() throws IOException {
        assertThat(firstLoss(
                        (disk, base, ref, content) -> {
                            Path target = base.resolve("objects").resolve(ObjectKey.of(ref));
                            new Directories(disk, base).ensure(target.getParent());
                            new Directories(disk, base).ensure(base.resolve("staging"));
                            Path staged = base.resolve("staging/a");
                            OpenFile file = disk.create(staged);
                            disk.write(file, 0, ByteBuffer.wrap(content));
                            disk.rename(staged, target);
                            disk.sync(file);
                            disk.syncDirectory(target.getParent());
                            disk.syncDirectory(staged.getParent());
                        },
                        Integrity.CORRUPT))
                .isPresent();
    }

    /** How often it takes to find one differs; never is what matters. */
    private Optional<String> firstLoss(Way way, Integrity... kinds) throws IOException {
        for (int seed = 0; seed < CRASHES; seed++) {
            Integrity found = crash(seed, way);
            if (List.of(kinds).contains(found)) {
                return Optional.of("seed %d: %s".formatted(seed, found));
            }
        }
        return Optional.empty();
    }

    /** What is wrong after the crash; intact when nothing is. */
    private Integrity crash(int seed, Way way) throws IOException {
        Path root = Files.createTempDirectory(directory, "round");
        Path base = root.resolve("media");
        var disk = new CrashableDisk(root, seed);
        var random = new SplittableRandom(seed);
        byte[] content = bytes(random.nextInt(20_000), seed);
        var ref = new BlobRef(new UUID(seed, seed), Sha256.of(content), content.length);
        disk.cutPowerAt(random.nextInt(OPERATIONS));
        boolean completed = false;
        try {
            way.put(disk, base, ref, content);
            completed = true;
        } catch (IOException | UploadException | BlobException crashed) {
            // as was asked for
        }
        disk.restart();
        Integrity found = await(new FileStore(disk, base, work).verify(ref));
        return found == Integrity.MISSING && !completed ? Integrity.INTACT : found;
    }

    @Test
    void canBeRepeatedAfterTheProcessWasKilledAnywhere() throws IOException {
        for (int operation = 0; operation < OPERATIONS; operation++) {
            // Given
            Path root = Files.createTempDirectory(directory, "round");
            Path base = root.resolve("media");
            var disk = new CrashableDisk(root, operation);
            byte[] content = bytes(5_000, operation);
            BlobRef ref = ref(content);
            StagedFile staged = stage(new Staging(disk, base, work), ref.id(), content);
            disk.cutPowerAt(operation);
            try {
                await(new FileStore(disk, base, work).put(ref, staged));
            } catch (BlobException killed) {
                // as was asked for
            }
            disk.restartAfterKill();

            // When
            await(new FileStore(disk, base, work).put(ref, staged));

            // Then
            disk.restart();
            assertThat(await(new FileStore(disk, base, work).verify(ref)))
                    .as("killed at operation %d", operation)
                    .isEqualTo(Integrity.INTACT);
        }
    }

    @Test
    void completesNoPutWhoseSyncFailed() throws IOException {
        for (Predicate<Path> where : List.<Predicate<Path>>of(
                path -> path.endsWith("staging"),
                path -> path.getParent().getParent().endsWith("objects"))) {
            // Given
            Path root = Files.createTempDirectory(directory, "round");
            Path base = root.resolve("media");
            var disk = new CrashableDisk(root, 1);
            byte[] content = bytes(5_000, 1);
            BlobRef ref = ref(content);
            StagedFile staged = stage(new Staging(disk, base, work), ref.id(), content);
            disk.failNextSync(where);

            // When
            Throwable failure = failure(new FileStore(disk, base, work).put(ref, staged));

            // Then
            assertThat(failure)
                    .isInstanceOfSatisfying(
                            BlobException.class,
                            blob -> assertThat(blob.reason()).isEqualTo(BlobException.Reason.UNAVAILABLE));
        }
    }

    @Test
    void leavesNothingUnderTheFinalNameWhenTheDirectoryIsReadOnly() throws IOException {
        // Given
        Path base = directory.resolve("media");
        var disk = new CrashableDisk(directory, 1);
        byte[] content = bytes(5_000, 1);
        BlobRef ref = ref(content);
        StagedFile staged = stage(new Staging(disk, base, work), ref.id(), content);
        disk.makeReadOnly(path -> path.endsWith("objects"));
        var store = new FileStore(disk, base, work);

        // When
        Throwable failure = failure(store.put(ref, staged));

        // Then
        assertThat(failure).isInstanceOf(BlobException.class).hasMessageContaining("AccessDenied");
        assertThat(await(store.exists(ref))).isFalse();
    }
}
