package dev.holdfast.media.resumable;

import static dev.holdfast.media.blob.House.await;
import static dev.holdfast.media.resumable.ResumableHouse.bytes;
import static dev.holdfast.media.resumable.ResumableHouse.chunk;
import static dev.holdfast.media.resumable.ResumableHouse.picture;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.media.blob.House;
import dev.holdfast.media.image.UploadResult;
import dev.holdfast.media.resumable.ResumableResult.Kept;
import dev.holdfast.media.resumable.ResumableResult.Locked;
import dev.holdfast.media.resumable.ResumableResult.NoSuch;
import dev.holdfast.media.resumable.ResumableResult.NotKept;
import dev.holdfast.media.resumable.ResumableResult.Open;
import dev.holdfast.media.resumable.ResumableResult.Terminated;
import dev.holdfast.media.resumable.ResumableResult.TooLong;
import dev.holdfast.media.resumable.ResumableResult.TooMany;
import dev.holdfast.media.resumable.ResumableResult.WrongChecksum;
import dev.holdfast.media.resumable.ResumableResult.WrongOffset;
import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.Sha256;
import dev.holdfast.media.sweep.SweepReport;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.UnicastProcessor;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(HoldfastExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResumableUploadsTest {
    @TempDir
    Path directory;

    private Pool pool;
    private ResumableHouse there;
    private String ada;
    private byte[] picture;

    @BeforeAll
    void open() {
        pool = TestSchema.create().migrate("db/platform", "db/migration").openPool(8);
    }

    @AfterAll
    void close() {
        pool.closeAndForget();
    }

    @BeforeEach
    void begin() {
        there = new ResumableHouse(
                new House(pool, new Disk(), directory.resolve(UUID.randomUUID().toString())));
        ada = UUID.randomUUID().toString();
        picture = picture();
    }

    /** Whatever was done: bytes have an intent or a blob, and one sweep later only a blob. */
    @AfterEach
    void nothingIsLeftThatNobodyFinishes() {
        there.house.letIntentsExpire();
        await(there.house.sweeper().sweep(false));
        assertThat(await(there.house.sweeper().sweep(true))).isEqualTo(new SweepReport(0, 0, 0, 0, 0, false));
        assertThat(await(there.house.staging.list())).isEmpty();
        assertThat(count("upload_intent")).isZero();
        assertThat(count("resumable_upload")).isZero();
        there.house.close();
    }

    private long count(String table) {
        return await(pool.query("SELECT count(*) FROM " + table).execute())
                .iterator()
                .next()
                .getLong(0);
    }

    private Sha256 hash() {
        return Sha256.of(picture);
    }

    private UUID begun() {
        return there.begun(ada, picture.length);
    }

    private ResumableResult append(UUID id, long from, long to) {
        return there.append(id, ada, picture, from, to);
    }

    private static long offset(ResumableResult result) {
        return ((Open) result).offset();
    }

    private void assertIsKept(ResumableResult result) {
        assertThat(result)
                .isInstanceOfSatisfying(
                        Kept.class, kept -> assertThat(kept.image()).isEqualTo(hash()));
    }

    @Test
    void goesOnWhereItWasAndBecomesAnImage() {
        UUID id = begun();
        assertThat(offset(append(id, 0, 50_000))).isEqualTo(50_000);
        assertThat(offset(there.status(id, ada))).isEqualTo(50_000);
        assertIsKept(append(id, 50_000, picture.length));
        assertThat(count("media_ref WHERE owner_id = '%s'".formatted(ada))).isOne();
    }

    @Test
    void tellsWhoMissedTheAnswerForAsLongAsItWouldHaveLasted() {
        UUID id = begun();
        append(id, 0, picture.length);

        assertIsKept(there.status(id, ada));
        assertIsKept(there.append(id, ada, picture, picture.length, picture.length));
        assertThat(append(id, 5, 10)).isEqualTo(new WrongOffset(picture.length));
        there.waitFor(House.INTENT_LASTS.plusMinutes(1));
        assertThat(there.status(id, ada)).isEqualTo(new NoSuch());
    }

    @Test
    void becomesTheImageThatIsThere() {
        there.house.publish(picture, "bob");
        UUID id = begun();
        assertIsKept(append(id, 0, picture.length));
        assertIsKept(there.status(id, ada));
    }

    @Test
    void belongsToOneCaller() {
        UUID id = begun();
        assertThat(there.status(id, "bob")).isEqualTo(new NoSuch());
        assertThat(there.append(id, "bob", picture, 0, 10)).isEqualTo(new NoSuch());
        assertThat(await(there.uploads.terminate(id, "bob"))).isEqualTo(new NoSuch());
        assertThat(offset(there.status(id, ada))).isZero();
    }

    @Test
    void isGoneWithWhatIsNoPicture() {
        byte[] text = "this is no picture".repeat(10).getBytes(StandardCharsets.UTF_8);
        UUID id = there.begun(ada, text.length);

        ResumableResult result = there.append(id, ada, text, 0, text.length);

        assertThat(result)
                .isInstanceOfSatisfying(
                        NotKept.class, not -> assertThat(not.reason()).isInstanceOf(UploadResult.Refused.class));
        assertThat(there.status(id, ada)).isEqualTo(new NoSuch());
        assertThat(count("upload_intent")).isZero();
    }

    @Test
    void isGoneWhenItIsGivenUp() {
        UUID id = begun();
        append(id, 0, 100);
        assertThat(await(there.uploads.terminate(id, ada))).isEqualTo(new Terminated());
        assertThat(there.status(id, ada)).isEqualTo(new NoSuch());
        assertThat(await(there.house.staging.list())).isEmpty();
    }

    @Test
    void lastsLongerWithEachRequestButNotForEver() {
        UUID id = begun();
        append(id, 0, 10);
        there.waitFor(House.INTENT_LASTS.minusMinutes(1));
        append(id, 10, 20);
        there.waitFor(House.INTENT_LASTS.minusMinutes(1));
        Open last = (Open) append(id, 20, 30);
        assertThat(Duration.between(last.upload().begunAt(), last.upload().expiresAt()))
                .isLessThanOrEqualTo(House.INTENT_LASTS.multipliedBy(3));
        there.waitFor(House.INTENT_LASTS.minusMinutes(1));
        Open end = (Open) append(id, 30, 40);
        assertThat(Duration.between(end.upload().begunAt(), end.upload().expiresAt()))
                .isEqualTo(House.INTENT_LASTS.multipliedBy(3));
        there.waitFor(Duration.ofMinutes(5));
        assertThat(append(id, 40, 50)).isEqualTo(new NoSuch());
        await(pool.query("UPDATE upload_intent SET expires_at = now()").execute());
        await(pool.query("UPDATE resumable_upload SET expires_at = now()").execute());
    }

    @Test
    void takesNeitherOtherOffsetsNorMoreThanWasAnnounced() {
        UUID id = begun();
        append(id, 0, 100);
        assertThat(append(id, 50, 60)).isEqualTo(new WrongOffset(100));
        Multi<Buffer> tooMuch = Multi.createFrom().item(Buffer.buffer(new byte[picture.length]));
        assertThat(await(there.uploads.append(id, ada, 100, chunk(tooMuch)))).isEqualTo(new TooLong(picture.length));
        assertThat(await(there.uploads.append(
                        id, ada, 100, new Chunk(Multi.createFrom().nothing(), picture.length, Optional.empty()))))
                .isEqualTo(new TooLong(picture.length));
        assertIsKept(append(id, 100, picture.length));
    }

    @Test
    void keepsNothingThatHasAnotherChecksum() {
        UUID id = begun();
        append(id, 0, 100);
        var right = "sha256 "
                + Base64.getEncoder()
                        .encodeToString(Sha256.of(Arrays.copyOfRange(picture, 100, 90_000))
                                .bytes());

        ResumableResult wrong = await(there.uploads.append(
                id, ada, 100, new Chunk(bytes(picture, 100, 80_000), 0, UploadChecksum.of(right))));

        assertThat(wrong).isEqualTo(new WrongChecksum());
        assertThat(offset(there.status(id, ada))).isEqualTo(100);
        assertThat(offset(await(there.uploads.append(
                        id, ada, 100, new Chunk(bytes(picture, 100, 90_000), 0, UploadChecksum.of(right))))))
                .isEqualTo(90_000);
        assertIsKept(append(id, 90_000, picture.length));
    }

    // ---- lines that break

    @Test
    void keepsWhatHadComeWhenTheLineBreaks() {
        UUID id = begun();
        Multi<Buffer> broken = Multi.createBy()
                .concatenating()
                .streams(
                        bytes(picture, 0, 30_000),
                        Multi.createFrom().failure(new HttpClosedException("Connection was closed")));

        assertThat(offset(await(there.uploads.append(id, ada, 0, chunk(broken)))))
                .isEqualTo(30_000);

        assertIsKept(append(id, 30_000, picture.length));
    }

    @Test
    void keepsAnImageWhoseClientIsGone() {
        UUID id = begun();
        UnicastProcessor<Buffer> line = UnicastProcessor.create();
        Cancellable client =
                there.uploads.append(id, ada, 0, chunk(line)).subscribe().with(answer -> {});
        Awaitility.await().until(() -> there.status(id, ada) instanceof Locked);

        client.cancel();
        line.onNext(Buffer.buffer(picture));
        line.onComplete();

        Awaitility.await().until(() -> there.status(id, ada) instanceof Kept);
    }

    /** A request that hangs. */
    private CompletableFuture<ResumableResult> hanging(UUID id, UnicastProcessor<Buffer> line) {
        CompletableFuture<ResumableResult> running = there.uploads
                .append(id, ada, 0, chunk(line))
                .subscribeAsCompletionStage()
                .toCompletableFuture();
        line.onNext(Buffer.buffer(Arrays.copyOf(picture, 30_000)));
        Awaitility.await().until(() -> there.status(id, ada) instanceof Locked);
        return running;
    }

    @Test
    void hasOneWriterAtATimeWhichIsHeard() {
        UUID id = begun();
        UnicastProcessor<Buffer> line = UnicastProcessor.create();
        CompletableFuture<ResumableResult> first = hanging(id, line);

        assertThat(append(id, 0, picture.length)).isEqualTo(new Locked());
        assertThat(await(there.uploads.terminate(id, ada))).isEqualTo(new Locked());

        line.onNext(Buffer.buffer(Arrays.copyOfRange(picture, 30_000, picture.length)));
        line.onComplete();
        assertIsKept(first.join());
    }

    @Test
    void passesToTheNextOneWhenNothingIsHeard() {
        UUID id = begun();
        CompletableFuture<ResumableResult> first = hanging(id, UnicastProcessor.create());
        there.waitFor(ResumableHouse.GIVES_WAY_AFTER);

        long offset = offset(there.status(id, ada));

        assertThat(offset(first.join())).isEqualTo(offset).isEqualTo(30_000);
        assertIsKept(append(id, offset, picture.length));
    }

    @Test
    void twoAtOnceNeverMixTheirBytes() {
        for (int round = 0; round < 10; round++) {
            byte[] content = picture();
            UUID id = there.begun(ada, content.length);

            List<ResumableResult> results = Stream.generate(() -> there.uploads
                            .append(id, ada, 0, chunk(bytes(content, 0, content.length)))
                            .subscribeAsCompletionStage())
                    .limit(4)
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();

            assertThat(results).filteredOn(Kept.class::isInstance).hasSize(1);
            assertThat(results)
                    .filteredOn(result -> !(result instanceof Kept))
                    .allMatch(result -> result instanceof Locked || result instanceof WrongOffset);
            assertThat(((Kept) there.status(id, ada)).image()).isEqualTo(Sha256.of(content));
        }
    }

    // ---- limits

    @Test
    void isRefusedToWhoHasTooManyHoweverManyComeAtOnce() {
        List<ResumableResult> results = Stream.generate(
                        () -> there.uploads.begin(ada, House.by(ada), 10, "").subscribeAsCompletionStage())
                .limit(12)
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertThat(results).filteredOn(Open.class::isInstance).hasSize(ResumableHouse.PER_CALLER_MAX);
        assertThat(results).contains(new TooMany(ResumableHouse.PER_CALLER_MAX));
        assertThat(count("upload_intent WHERE owner = '%s'".formatted(ada))).isEqualTo(ResumableHouse.PER_CALLER_MAX);
        assertThat(there.begin("bob" + ada, 10)).isInstanceOf(Open.class);
    }

    /** Two that come at once are counted one after the other. */
    @Test
    void isRefusedToWhoComesWhileTheLastOneIsAdded() {
        // Given
        for (int i = 1; i < ResumableHouse.PER_CALLER_MAX; i++) {
            begun();
        }
        UUID last = await(there.house.publisher.announce(ada));
        SqlConnection connection = await(pool.getConnection());
        Transaction transaction = await(connection.begin());
        Instant now = Instant.now();
        var upload = new ResumableUpload(last, ada, House.by(ada), 10, "", now, now, Optional.empty(), false);
        assertThat(await(ResumableStore.add(connection, upload, ResumableHouse.PER_CALLER_MAX)))
                .isPresent();

        // When
        CompletableFuture<ResumableResult> late =
                there.uploads.begin(ada, House.by(ada), 10, "").subscribeAsCompletionStage();
        Awaitility.await().until(() -> late.isDone() || count("pg_locks WHERE NOT granted") > 0);
        await(transaction.commit());
        await(connection.close());

        // Then
        assertThat(late.join()).isEqualTo(new TooMany(ResumableHouse.PER_CALLER_MAX));
    }
}
