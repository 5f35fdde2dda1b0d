package dev.holdfast.media.variant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.media.picture.PictureFormat;
import dev.holdfast.media.picture.PictureSpec;
import dev.holdfast.media.picture.PictureSpec.Fit;
import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.FileWork;
import dev.holdfast.media.store.Sha256;
import dev.holdfast.media.variant.VariantResult.Made;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VariantCacheTest {
    private static final int SMALL = 1_000;
    private static final int LARGE = 2 * VariantCache.SMALL;
    private static final Duration LONG = Duration.ofHours(1);
    private static final VariantCache.Limits ROOM = new VariantCache.Limits(1L << 30, 1 << 20, LONG);
    private static final String ENGINE = "0123456789ab";

    @TempDir
    Path directory;

    private final FileWork work = new FileWork(2, 100);
    private VariantCache cache;

    @BeforeEach
    void open() throws IOException {
        cache = VariantCache.open(directory, new Disk(), work, ROOM);
    }

    private void reopen(VariantCache.Limits limits) throws IOException {
        cache.close();
        cache = VariantCache.open(directory, new Disk(), work, limits);
    }

    @AfterEach
    void close() {
        cache.close();
        work.close();
    }

    private static VariantKey key(int image) {
        return key(image, ENGINE);
    }

    private static VariantKey key(int image, String engine) {
        return new VariantKey(
                Sha256.of(new byte[] {(byte) image}), new PictureSpec(160, 0, Fit.CONTAIN, PictureFormat.WEBP), engine);
    }

    private static byte[] bytes(int length, long seed) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private Made add(VariantKey key, byte[] bytes) throws IOException {
        return cache.add(key, Files.write(cache.temporary().next(), bytes));
    }

    private Path file(Variant variant) {
        return directory.resolve(variant.folder()).resolve(variant.fileName());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private byte[] bytes(Made made) throws IOException {
        return switch (made.bytes()) {
            case MemoryBytes(var all) -> all.getBytes();
            case FileBytes file -> Files.readAllBytes(file.file());
            default -> throw new AssertionError(made.bytes());
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE, 0})
    void whatIsAddedIsThere(int length) throws IOException {
        // When
        Made added = add(key(1), bytes(length, 1));

        // Then
        assertThat(cache.find(key(1))).isEqualTo(added.variant());
        assertThat(bytes(added)).isEqualTo(bytes(length, 1));
        assertThat(bytes(cache.ready(added.variant()))).isEqualTo(bytes(length, 1));
        assertThat(cache.find(key(2))).isNull();
        assertThat(files()).containsExactly(file(added.variant()));
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void whatIsThereIsFoundAfterARestart(int length) throws IOException {
        // Given
        Variant added = add(key(1), bytes(length, 1)).variant();

        // When
        reopen(ROOM);

        // Then
        assertThat(cache.find(key(1))).isEqualTo(added);
        assertThat(cache.ready(added)).isNull();
        assertThat(bytes(cache.read(added).orElseThrow())).isEqualTo(bytes(length, 1));
        assertThat(cache.ready(added)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {SMALL, LARGE})
    void whatAPowerCutHasTornIsNotServedAndNotThereAnyMore(int length) throws IOException {
        for (byte[] torn :
                List.of(new byte[0], new byte[length], Arrays.copyOf(bytes(length, 1), length / 2), bytes(length, 2))) {
            // Given
            Variant added = add(key(1), bytes(length, 1)).variant();
            cache.close();
            Files.write(file(added), torn);

            // When
            reopen(ROOM);

            // Then
            assertThat(cache.ready(added)).isNull();
            assertThat(cache.read(added)).isEmpty();
            assertThat(cache.find(key(1))).isNull();
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void whatIsDeletedBehindItsBackIsNotThereAnyMore() throws IOException {
        // Given
        Variant added = add(key(1), bytes(SMALL, 1)).variant();
        reopen(ROOM);
        Files.delete(file(added));

        // When / Then
        assertThat(cache.read(added)).isEmpty();
        assertThat(cache.find(key(1))).isNull();
    }

    @Test
    void whatIsNotOursIsLeftAloneAndWhatIsHalfDoneIsNot() throws IOException {
        // Given
        Variant added = add(key(1), bytes(SMALL, 1)).variant();
        Path other = Files.writeString(file(added).resolveSibling("notes.txt"), "mine");
        Path similar = Files.writeString(file(added).resolveSibling(added.fileName() + ".bak"), "mine");
        Path elsewhere = Files.createDirectories(directory.resolve("zz")).resolve(added.fileName());
        Files.writeString(elsewhere, "mine");
        Path half = Files.writeString(cache.temporary().next(), "half a picture");

        // When
        reopen(ROOM);

        // Then
        assertThat(cache.count()).isEqualTo(1);
        assertThat(half).doesNotExist();
        assertThat(List.of(other, similar, elsewhere))
                .allSatisfy(file -> assertThat(file).exists());
    }

    @Test
    void whatAnotherEngineHasMadeIsDeletedAndNothingElse() throws IOException {
        // Given
        add(key(1, "ba9876543210"), bytes(SMALL, 1));
        Variant current = add(key(1), bytes(SMALL, 2)).variant();
        reopen(ROOM);

        // When
        cache.discard(key -> !key.engine().equals(ENGINE));

        // Then
        assertThat(cache.find(key(1, "ba9876543210"))).isNull();
        assertThat(files()).containsExactly(file(current));
    }

    // ---- making room

    private static VariantCache.Limits roomFor(int variants, Duration grace) {
        return new VariantCache.Limits(variants * 4_096L, 1 << 20, grace);
    }

    @Test
    void theDirectoryStaysWithinItsLimit() throws IOException {
        // Given
        reopen(roomFor(10, Duration.ZERO));

        // When
        for (int image = 0; image < 100; image++) {
            add(key(image), bytes(SMALL, image));
        }

        // Then: and all that is in the index is there
        cache.settle();
        await().untilAsserted(() -> assertThat(files()).hasSize((int) cache.count()));
        assertThat(cache.count()).isBetween(5L, 10L);
        assertThat(cache.bytes()).isEqualTo(cache.count() * 4_096);
    }

    @Test
    void aSmallerLimitHoldsForWhatIsThereAtTheStart() throws IOException {
        // Given
        for (int image = 0; image < 20; image++) {
            add(key(image), bytes(SMALL, image));
        }

        // When
        reopen(roomFor(5, Duration.ZERO));
        cache.settle();

        // Then
        await().untilAsserted(() -> assertThat(files()).hasSizeBetween(1, 5));
    }

    @Test
    void whatMakesRoomCanStillBeOpenedByWhoHasFoundIt() throws IOException {
        // Given
        reopen(roomFor(1, LONG));
        Made found = add(key(1), bytes(LARGE, 1));

        // When
        cache.settle();

        // Then
        assertThat(cache.find(key(1))).isNull();
        assertThat(bytes(found)).isEqualTo(bytes(LARGE, 1));
    }

    @Test
    void whatIsReplacedGoesAndItsEndDoesNotHitWhatReplacesIt() throws IOException {
        // Given
        reopen(roomFor(10, Duration.ZERO));
        add(key(1), bytes(SMALL, 1));

        // When
        Variant second = add(key(1), bytes(SMALL, 1)).variant();

        // Then
        await().untilAsserted(() -> assertThat(files()).containsExactly(file(second)));
        assertThat(cache.find(key(1))).isEqualTo(second);
    }

    // ---- images that are gone

    @Test
    void whatIsLeftOfAnImageIsListedAndDeletedAlsoOnItsWayOut() throws IOException {
        // Given one that had to make room, one that has not, and one of another image
        reopen(roomFor(4, LONG));
        add(key(1), bytes(LARGE, 1));
        cache.settle();
        add(key(2), bytes(SMALL, 2));
        Variant other = add(key(3), bytes(SMALL, 3)).variant();
        assertThat(cache.images()).isEqualTo(Set.of(key(1).image(), key(2).image(), key(3).image()));

        // When
        cache.discard(key -> !key.image().equals(key(3).image()));

        // Then
        assertThat(files()).containsExactly(file(other));
        assertThat(cache.images()).containsExactly(key(3).image());
    }

    @Test
    void aNameSaysAllOfIt() {
        for (Fit fit : Fit.values()) {
            for (PictureFormat format : PictureFormat.values()) {
                var variant = new Variant(
                        new VariantKey(Sha256.of(new byte[0]), new PictureSpec(16_384, 1, fit, format), ENGINE),
                        Long.MAX_VALUE / 10,
                        "0".repeat(32),
                        Variant.nextCopy());
                assertThat(Variant.parse(variant.fileName())).contains(variant);
                assertThat(variant.fileName().length()).isLessThan(255);
                assertThat(Variant.parse(variant.fileName() + "~")).isEmpty();
                assertThat(Variant.parse(variant.fileName().replace("16384x1-", "0x0-")))
                        .isEmpty();
                assertThat(Variant.parse(variant.fileName().replace("16384x1-", "16384x01-")))
                        .isEmpty();
            }
        }
    }
}
