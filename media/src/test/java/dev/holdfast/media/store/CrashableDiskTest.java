package dev.holdfast.media.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.media.store.CrashableDisk.PowerCutException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the other tests take for granted of the disk that they crash. */
class CrashableDiskTest {
    private static final int ROUNDS = 200;

    @TempDir
    Path directory;

    private interface Scenario {
        void run(CrashableDisk disk, Path root) throws IOException;
    }

    /** The directories that there can be after a power cut at the end of it, over many seeds. */
    private Set<String> outcomes(Scenario scenario) throws IOException {
        var outcomes = new HashSet<String>();
        for (int seed = 0; seed < ROUNDS; seed++) {
            outcomes.add(outcome(scenario, seed));
        }
        return outcomes;
    }

    private String outcome(Scenario scenario, long seed) throws IOException {
        Path root = Files.createTempDirectory(directory, "round");
        var disk = new CrashableDisk(root, seed);
        try {
            scenario.run(disk, root);
        } catch (PowerCutException cut) {
            // as was asked for
        }
        disk.restart();
        var found = new TreeMap<String, String>();
        try (var files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                found.put(root.relativize(file).toString(), Files.readString(file));
            }
        }
        return found.toString();
    }

    private static void write(Disk disk, OpenFile file, int position, String text) throws IOException {
        disk.write(file, position, ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    private static OpenFile saved(CrashableDisk disk, Path file, String text) throws IOException {
        OpenFile created = disk.create(file);
        write(disk, created, 0, text);
        disk.sync(created);
        disk.syncDirectory(file.getParent());
        return created;
    }

    @Test
    void losesNothingThatWasSynced() throws IOException {
        assertThat(outcomes((disk, root) -> saved(disk, root.resolve("a"), "all")))
                .containsExactly("{a=all}");
    }

    @Test
    void losesAFileWhoseDirectoryWasNotSynced() throws IOException {
        assertThat(outcomes((disk, root) -> {
                    OpenFile file = disk.create(root.resolve("a"));
                    write(disk, file, 0, "all");
                    disk.sync(file);
                }))
                .containsExactlyInAnyOrder("{}", "{a=all}");
    }

    @Test
    void losesBytesThatWereNotSyncedByTruncationOrAsZeros() throws IOException {
        assertThat(outcomes((disk, root) -> {
                    disk.create(root.resolve("a"));
                    disk.syncDirectory(root);
                    write(disk, disk.open(root.resolve("a")), 0, "ab");
                }))
                .containsExactlyInAnyOrder("{a=}", "{a=a}", "{a=ab}", "{a=\0}", "{a=\0\0}", "{a=a\0}");
    }

    @Test
    void losesPagesInTheMiddle() throws IOException {
        Set<String> outcomes = outcomes((disk, root) -> {
            OpenFile file = saved(disk, root.resolve("a"), "");
            write(disk, file, 0, "x".repeat(3 * 4096));
        });
        assertThat(outcomes).contains("{a=%s%s%s}".formatted("x".repeat(4096), "\0".repeat(4096), "x".repeat(4096)));
    }

    @Test
    void losesARenameInAllWaysWhenNeitherDirectoryWasSynced() throws IOException {
        assertThat(outcomes((disk, root) -> renamed(disk, root)))
                .containsExactlyInAnyOrder("{}", "{from/a=all}", "{to/b=all}", "{from/a=all, to/b=all}");
    }

    @Test
    void keepsARenameOfWhichBothDirectoriesWereSynced() throws IOException {
        assertThat(outcomes((disk, root) -> {
                    renamed(disk, root);
                    disk.syncDirectory(root.resolve("to"));
                    disk.syncDirectory(root.resolve("from"));
                }))
                .containsExactly("{to/b=all}");
    }

    private static void renamed(CrashableDisk disk, Path root) throws IOException {
        disk.createDirectory(root.resolve("from"));
        disk.createDirectory(root.resolve("to"));
        disk.syncDirectory(root);
        saved(disk, root.resolve("from/a"), "all");
        disk.rename(root.resolve("from/a"), root.resolve("to/b"));
    }

    @Test
    void losesWhatIsInADirectoryThatItLoses() throws IOException {
        assertThat(outcomes((disk, root) -> {
                    disk.createDirectory(root.resolve("new"));
                    saved(disk, root.resolve("new/a"), "all");
                }))
                .containsExactlyInAnyOrder("{}", "{new/a=all}");
    }

    @Test
    void bringsBackWhatWasDeletedUnlessTheDirectoryWasSynced() throws IOException {
        assertThat(outcomes((disk, root) -> {
                    saved(disk, root.resolve("a"), "all");
                    disk.delete(root.resolve("a"));
                }))
                .containsExactlyInAnyOrder("{}", "{a=all}");
        assertThat(outcomes((disk, root) -> {
                    saved(disk, root.resolve("a"), "all");
                    disk.delete(root.resolve("a"));
                    disk.syncDirectory(root);
                }))
                .containsExactly("{}");
    }

    @Test
    void cutsThePowerAtTheOperationAskedForAndStaysOff() throws IOException {
        // Given
        var disk = new CrashableDisk(directory, 1);
        disk.cutPowerAt(1);
        OpenFile file = disk.create(directory.resolve("a"));

        // When / Then
        assertThatThrownBy(() -> write(disk, file, 0, "x")).isInstanceOf(PowerCutException.class);
        assertThatThrownBy(() -> disk.sync(file)).isInstanceOf(PowerCutException.class);
        assertThatThrownBy(() -> disk.size(directory.resolve("a"))).isInstanceOf(PowerCutException.class);
        assertThat(disk.history()).containsExactly("create a", "write a");
    }

    @Test
    void isTheSameForTheSameSeed() throws IOException {
        Scenario scenario = (disk, root) -> {
            disk.cutPowerAt(5);
            renamed(disk, root);
        };
        for (int seed = 0; seed < 20; seed++) {
            assertThat(outcome(scenario, seed)).isEqualTo(outcome(scenario, seed));
        }
        assertThat(outcomes(scenario)).hasSizeGreaterThan(1);
    }

    @Test
    void forgetsPagesWhoseSyncFailedAsLinuxDoes() throws IOException {
        // the naive way: try the sync again, on a new handle, and believe it
        assertThat(outcomes((disk, root) -> {
                    OpenFile file = saved(disk, root.resolve("a"), "");
                    write(disk, file, 0, "all");
                    disk.failNextSync(path -> path.endsWith("a"));
                    assertThatThrownBy(() -> disk.sync(file)).hasMessageContaining("Input/output error");
                    disk.sync(disk.open(root.resolve("a")));
                }))
                .containsExactly("{a=}");
    }

    @Test
    void neverSyncsAHandleAgainWhoseSyncFailed() throws IOException {
        // Given
        var disk = new CrashableDisk(directory, 1);
        OpenFile file = disk.create(directory.resolve("a"));
        disk.failNextSync(path -> true);
        assertThatThrownBy(() -> disk.sync(file)).hasMessageContaining("Input/output error");

        // When / Then
        assertThatThrownBy(() -> disk.sync(file)).hasMessageContaining("an earlier sync failed");
        assertThat(disk.history()).containsExactly("create a", "sync a");
    }

    @Test
    void writesWhatThereIsSpaceFor() throws IOException {
        // Given
        var disk = new CrashableDisk(directory, 1);
        OpenFile file = disk.create(directory.resolve("a"));
        disk.limitSpace(2);

        // When / Then
        assertThatThrownBy(() -> write(disk, file, 0, "abc"))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("No space left");
        assertThat(Files.readString(directory.resolve("a"))).isEqualTo("ab");
    }

    @Test
    void changesNoNameInAReadOnlyDirectory() throws IOException {
        // Given
        var disk = new CrashableDisk(directory, 1);
        saved(disk, directory.resolve("a"), "all");
        disk.makeReadOnly(directory::equals);

        // When / Then
        for (var forbidden : List.<Scenario>of(
                (ignored, root) -> disk.create(root.resolve("b")),
                (ignored, root) -> disk.delete(root.resolve("a")),
                (ignored, root) -> disk.createDirectory(root.resolve("c")),
                (ignored, root) -> disk.rename(root.resolve("a"), root.resolve("b")))) {
            assertThatThrownBy(() -> forbidden.run(disk, directory)).isInstanceOf(AccessDeniedException.class);
        }
        assertThat(directory.toFile().list()).containsExactly("a");
    }

    @Test
    void losesNothingWhenOnlyTheProcessIsKilledButMayLater() throws IOException {
        // Given
        var disk = new CrashableDisk(directory, 2);
        OpenFile file = saved(disk, directory.resolve("a"), "");
        write(disk, file, 0, "x".repeat(100_000));

        // When
        disk.restartAfterKill();

        // Then
        assertThat(Files.size(directory.resolve("a"))).isEqualTo(100_000);
        var sizes = new HashSet<Long>();
        for (int seed = 0; seed < 20; seed++) {
            Path copy = Files.createDirectory(directory.resolve("copy" + seed));
            var other = new CrashableDisk(copy, seed);
            write(other, saved(other, copy.resolve("a"), ""), 0, "x".repeat(100));
            other.restartAfterKill();
            other.restart();
            sizes.add(Files.size(copy.resolve("a")));
        }
        assertThat(sizes).contains(0L, 100L);
        assertThat(Arrays.asList(directory.toFile().list())).contains("a");
    }
}
