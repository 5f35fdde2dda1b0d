package dev.holdfast.media.store;

import static dev.holdfast.media.store.StoreFixture.await;
import static dev.holdfast.media.store.StoreFixture.bytes;
import static dev.holdfast.media.store.StoreFixture.failure;
import static dev.holdfast.media.store.StoreFixture.read;
import static dev.holdfast.media.store.StoreFixture.ref;
import static dev.holdfast.media.store.StoreFixture.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.media.store.BlobException.Reason;
import dev.holdfast.testkit.RaceGate;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.buffer.Buffer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store promises. */
abstract class BlobStoreContract {
    private static final int MEBIBYTE = 1024 * 1024;

    /** The same for all tests of a class. */
    abstract StoreUnderTest subject();

    private BlobStore store() {
        return subject().store();
    }

    private StagedFile staged(BlobRef ref, byte[] content) {
        return stage(subject().staging(), ref.id(), content);
    }

    private BlobRef stored(byte[] content) {
        BlobRef ref = ref(content);
        await(store().put(ref, staged(ref, content)));
        return ref;
    }

    private static Reason reason(Throwable failure) {
        assertThat(failure).isInstanceOf(BlobException.class);
        return ((BlobException) failure).reason();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000, 3_000, 300_000, 3 * MEBIBYTE})
    void saysHowMuchOfTheMediumABlobTakes(int size) {
        BlobRef ref = stored(bytes(size, 7));
        assertThat(await(store().footprint(ref)))
                .isGreaterThanOrEqualTo(size)
                .isLessThan(Math.round(1.1 * size) + 2 * 4_096);
        assertThat(reason(failure(store().footprint(ref(bytes(1, 8)))))).isEqualTo(Reason.MISSING);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                64 * 1024 - 1,
                64 * 1024,
                64 * 1024 + 1,
                256 * 1024 - 1,
                256 * 1024,
                256 * 1024 + 1,
                2 * 256 * 1024,
                5 * MEBIBYTE,
                5 * MEBIBYTE + 1,
                10 * MEBIBYTE + 1
            })
    void givesBackWhatWasPut(int size) {
        // Given
        byte[] content = bytes(size, size);
        BlobRef ref = ref(content);

        // When
        await(store().put(ref, staged(ref, content)));

        // Then
        assertThat(Sha256.of(read(store(), ref, 0, size))).isEqualTo(ref.hash());
        assertThat(await(store().size(ref))).contains((long) size);
        assertThat(await(store().exists(ref))).isTrue();
        assertThat(await(store().verify(ref))).isEqualTo(Integrity.INTACT);
    }

    private static final byte[] RANGED = bytes(3 * 256 * 1024 + 17, 42);

    /** Random ranges, with their ends often at the ends of chunks. */
    @Property(tries = 60)
    void readsAnyRange(
            @ForAll @IntRange(max = 12) int chunk,
            @ForAll @IntRange(min = -2, max = 2) int near,
            @ForAll @IntRange(max = 3 * 256 * 1024) int length) {
        BlobRef ref = subject().once("ranged", () -> stored(RANGED));
        int offset = Math.clamp(chunk * 64L * 1024 + near, 0, RANGED.length);
        int end = Math.min(RANGED.length, offset + length);

        assertThat(read(store(), ref, offset, end - offset)).isEqualTo(Arrays.copyOfRange(RANGED, offset, end));
    }

    @Test
    void readsNoBytesOfWhatIsThere() {
        BlobRef ref = stored(bytes(256 * 1024, 1));

        assertThat(read(store(), ref, 0, 0)).isEmpty();
        assertThat(read(store(), ref, 256 * 1024, 0)).isEmpty();
        assertThatThrownBy(() -> store().read(ref, 1, 256 * 1024)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysWhatIsNotThere() {
        BlobRef ref = ref(bytes(10, 1));

        assertThat(await(store().size(ref))).isEmpty();
        assertThat(await(store().exists(ref))).isFalse();
        assertThat(await(store().verify(ref))).isEqualTo(Integrity.MISSING);
        assertThat(reason(failure(store().read(ref, 0, 10).collect().asList()))).isEqualTo(Reason.MISSING);
        assertThat(reason(failure(store().read(ref, 0, 0).collect().asList()))).isEqualTo(Reason.MISSING);
        assertThat(await(store().delete(ref))).isFalse();
    }

    @Test
    void deletesOnce() {
        // Given
        byte[] content = bytes(300_000, 1);
        BlobRef ref = stored(content);
        BlobRef sameBytes = stored(content);

        // When
        boolean deleted = await(store().delete(ref));

        // Then
        assertThat(deleted).isTrue();
        assertThat(await(store().delete(ref))).isFalse();
        assertThat(await(store().verify(ref))).isEqualTo(Integrity.MISSING);
        assertThat(await(store().verify(sameBytes))).isEqualTo(Integrity.INTACT);
    }

    @Test
    void deletesManyAtOnceAndNoOthers() {
        // Given
        byte[] content = bytes(300_000, 1);
        List<BlobRef> refs = List.of(stored(content), stored(bytes(0, 1)), stored(bytes(10, 2)), ref(bytes(10, 3)));
        BlobRef staying = stored(content);

        // When
        await(store().delete(refs.stream().map(store()::stored).toList()));

        // Then
        assertThat(refs).noneMatch(ref -> await(store().exists(ref)));
        assertThat(await(store().verify(staying))).isEqualTo(Integrity.INTACT);
        await(store().delete(List.of()));
    }

    @Test
    void keepsCopiesOfABlobApart() {
        // Given
        byte[] content = bytes(300_000, 1);
        BlobRef first = stored(content);
        BlobRef second = first.asCopy(UUID.randomUUID());
        await(store().put(second, staged(ref(content), content)));

        // When
        await(store().delete(first));

        // Then
        assertThat(await(store().verify(first))).isEqualTo(Integrity.MISSING);
        assertThat(await(store().verify(second))).isEqualTo(Integrity.INTACT);
        assertThat(listed()).contains(second.copy()).doesNotContain(first.copy());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 300_000, 6 * MEBIBYTE})
    void putsTwiceAsOnce(int size) {
        // Given
        byte[] content = bytes(size, 1);
        BlobRef ref = ref(content);
        StagedFile staged = staged(ref, content);
        await(store().put(ref, staged));

        // When the upload is put again, and then another one of the same bytes
        await(store().put(ref, staged));
        await(subject().staging().discard(ref.id()));
        await(store().put(ref, staged(ref, content)));

        // Then
        assertThat(await(store().verify(ref))).isEqualTo(Integrity.INTACT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 300_000})
    void putsOnceInARace(int size) throws InterruptedException {
        // Given
        byte[] content = bytes(size, 7);
        BlobRef ref = ref(content);
        List<StagedFile> uploads = List.of(staged(ref(content), content), staged(ref(content), content));

        // When
        var race = RaceGate.race(4, number -> () -> {
            await(store().put(ref, uploads.get(number % 2)));
            return await(store().verify(ref));
        });

        // Then
        race.assertWinners(4, found -> found == Integrity.INTACT);
    }

    @Test
    void refusesAnUploadThatIsNotTheBlob() {
        // Given
        BlobRef ref = ref(bytes(1000, 1));
        StagedFile other = staged(ref, bytes(1000, 2));

        // When
        Throwable failure = failure(store().put(ref, other));

        // Then
        assertThat(reason(failure)).isEqualTo(Reason.DIFFERS);
        assertThat(await(store().exists(ref))).isFalse();
    }

    @Test
    void leavesOtherBytesAloneAndSaysSo() throws Exception {
        // Given
        byte[] content = bytes(1000, 1);
        BlobRef ref = stored(content);
        subject().corrupt(ref);
        await(subject().staging().discard(ref.id()));

        // When
        Throwable failure = failure(store().put(ref, staged(ref, content)));

        // Then
        assertThat(reason(failure)).isEqualTo(Reason.DIFFERS);
        assertThat(await(store().verify(ref))).isEqualTo(Integrity.CORRUPT);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 600_000, 6 * MEBIBYTE})
    void showsNothingOfAPutThatFailed(int size) throws Exception {
        // Given an upload that has lost its end since
        byte[] content = bytes(size, 3);
        BlobRef ref = ref(content);
        StagedFile staged = staged(ref, content);
        Files.write(staged.path(), Arrays.copyOf(content, size - 1));

        // When
        failure(store().put(ref, staged));

        // Then
        assertThat(await(store().exists(ref))).isFalse();
        assertThat(listed()).doesNotContain(ref.id());
    }

    @Test
    void sharesNothingBetweenUploadsThatAreGone() {
        BlobRef ref = ref(bytes(10, 1));
        StagedFile staged = staged(ref, bytes(10, 1));
        await(subject().staging().discard(ref.id()));

        assertThat(reason(failure(store().put(ref, staged)))).isEqualTo(Reason.MISSING);
    }

    private List<UUID> listed() {
        return await(store().list().map(StoredBlob::id).collect().asList());
    }

    @Test
    void listsEachOnceWithItsSize() {
        // Given
        BlobRef empty = stored(bytes(0, 1));
        BlobRef large = stored(bytes(600_000, 2));
        BlobRef deleted = stored(bytes(5, 3));
        await(store().delete(deleted));

        // When
        List<StoredBlob> blobs = await(store().list().collect().asList());

        // Then
        assertThat(blobs)
                .filteredOn(
                        blob -> List.of(empty.id(), large.id(), deleted.id()).contains(blob.id()))
                .extracting(StoredBlob::id, StoredBlob::size)
                .containsExactlyInAnyOrder(tuple(empty.id(), 0L), tuple(large.id(), 600_000L));
    }

    @Test
    void listsWhatStaysWhileOthersComeAndGo() throws InterruptedException {
        // Given
        List<UUID> staying = List.of(stored(bytes(10, 1)), stored(bytes(10, 2)), stored(bytes(10, 3))).stream()
                .map(BlobRef::id)
                .toList();
        var stop = new AtomicBoolean();
        Thread others = Thread.ofPlatform().start(() -> {
            for (int i = 0; !stop.get(); i++) {
                await(store().delete(stored(bytes(10, i))));
            }
        });

        // When / Then
        try {
            for (int i = 0; i < 10; i++) {
                assertThat(listed()).containsAll(staying).doesNotHaveDuplicates();
            }
        } finally {
            stop.set(true);
            others.join();
        }
    }

    @Test
    void holdsNothingForAReaderWhoCancelled() throws InterruptedException {
        // Given
        BlobRef ref = stored(bytes(5 * MEBIBYTE, 1));

        // When
        for (int i = 0; i < 20; i++) {
            var reader = new SlowReader();
            store().read(ref, 0, ref.size()).subscribe().withSubscriber(reader);
            reader.next();
            reader.cancel();
        }

        // Then there are connections for the next one, and no file is open
        assertThat(await(store().verify(ref))).isEqualTo(Integrity.INTACT);
        Awaitility.await().untilAsserted(() -> assertThat(subject().filesOpen()).isZero());
    }

    @Test
    void keepsLittleInMemoryForSlowReaders() throws InterruptedException {
        // Given
        BlobRef ref = stored(bytes(10 * MEBIBYTE, 1));
        var readers =
                Stream.generate(SlowReader::new).limit(subject().readersMax()).toList();
        long before = memory();

        // When
        for (SlowReader reader : readers) {
            store().read(ref, 0, ref.size()).subscribe().withSubscriber(reader);
            reader.next();
        }
        Awaitility.await().during(Duration.ofMillis(300)).until(() -> true);

        // Then
        assertThat(readers).allSatisfy(reader -> assertThat(reader.waiting()).isZero());
        assertThat(memory() - before).isLessThan(readers.size() * 2L * MEBIBYTE);
        readers.forEach(SlowReader::cancel);
    }

    private static long memory() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
                + Math.max(0, PlatformDependent.usedDirectMemory());
    }

    @Test
    void lastsForAsLongAsTheReaderAsks() throws InterruptedException {
        // Given
        byte[] content = bytes(700_000, 9);
        BlobRef ref = stored(content);
        var reader = new SlowReader();
        store().read(ref, 0, ref.size()).subscribe().withSubscriber(reader);

        // When
        Buffer all = Buffer.buffer();
        for (Optional<Buffer> chunk = reader.next(); chunk.isPresent(); chunk = reader.next()) {
            all.appendBuffer(chunk.get());
        }

        // Then
        assertThat(all.getBytes()).isEqualTo(content);
    }

    /** Takes one chunk when it is asked to. */
    private static final class SlowReader implements Flow.Subscriber<Buffer> {
        private final LinkedBlockingQueue<Optional<Buffer>> chunks = new LinkedBlockingQueue<>();
        private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

        /** Empty at the end. */
        Optional<Buffer> next() throws InterruptedException {
            subscription.join().request(1);
            Optional<Buffer> chunk = chunks.poll(30, TimeUnit.SECONDS);
            assertThat(chunk).as("a chunk within 30 s").isNotNull();
            return chunk;
        }

        int waiting() {
            return chunks.size();
        }

        void cancel() {
            subscription.join().cancel();
        }

        @Override
        public void onSubscribe(Flow.Subscription one) {
            subscription.complete(one);
        }

        @Override
        public void onNext(Buffer chunk) {
            chunks.add(Optional.of(chunk));
        }

        @Override
        public void onError(Throwable failure) {
            chunks.add(Optional.empty());
        }

        @Override
        public void onComplete() {
            chunks.add(Optional.empty());
        }
    }
}
