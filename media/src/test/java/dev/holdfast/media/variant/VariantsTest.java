package dev.holdfast.media.variant;

import static dev.holdfast.media.blob.House.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.blob.Blobs;
import dev.holdfast.media.blob.House;
import dev.holdfast.media.blob.PublishResult;
import dev.holdfast.media.picture.PictureFormat;
import dev.holdfast.media.picture.PictureResult;
import dev.holdfast.media.picture.PictureSpec;
import dev.holdfast.media.picture.Preset;
import dev.holdfast.media.picture.Refusal;
import dev.holdfast.media.serve.LiveBlobs;
import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.FileWork;
import dev.holdfast.media.sweep.SweepReport;
import dev.holdfast.media.variant.VariantResult.Gone;
import dev.holdfast.media.variant.VariantResult.Made;
import dev.holdfast.media.variant.VariantResult.Refused;
import dev.holdfast.platform.batch.OverloadedException;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestSchema;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On real blobs, with a renderer that is held where it matters. */
@ExtendWith(HoldfastExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VariantsTest {
    private static final PictureSpec SPEC = Preset.THUMB.in(PictureFormat.WEBP);
    private static final Engine ENGINE = new Engine("0123456789ab", Set.of(PictureFormat.WEBP));
    private static final int FLIGHTS = 4;
    private static final byte[] RENDERED = "smaller".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path base;

    private Pool pool;
    private House house;
    private Path directory;
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private FileWork work;
    private VariantCache cache;
    private Variants variants;

    private final AtomicInteger renders = new AtomicInteger();
    private volatile CompletableFuture<Void> held = CompletableFuture.completedFuture(null);
    private volatile Uni<PictureResult> refusal;
    private volatile byte[] seen;

    @BeforeAll
    void openPool() {
        pool = TestSchema.create().migrate("db/platform", "db/migration").openPool(8);
    }

    @AfterAll
    void closePool() {
        pool.closeAndForget();
    }

    @BeforeEach
    void open() throws IOException {
        Path own = base.resolve(UUID.randomUUID().toString());
        house = new House(pool, new Disk(), own);
        directory = own.resolve("variants");
        work = new FileWork(4, 1_000);
        held = CompletableFuture.completedFuture(null);
        refusal = null;
        renders.set(0);
        start();
    }

    /** As after a crash, too: nothing is known but what the directory has. */
    private void start() throws IOException {
        cache = VariantCache.open(
                directory, new Disk(), work, new VariantCache.Limits(1 << 20, 1 << 20, Duration.ofHours(1)));
        variants = new Variants(
                cache,
                new Sources(house.stores, cache.temporary(), new Disk(), work),
                this::render,
                new Blobs(pool),
                work,
                new VariantMetrics(meters),
                new Variants.Limits(FLIGHTS, Duration.ofHours(1)));
    }

    @AfterEach
    void close() {
        cache.close();
        work.close();
        house.close();
    }

    private Uni<PictureResult> render(Path source, PictureSpec spec, Path target) {
        renders.incrementAndGet();
        try {
            seen = Files.readAllBytes(source);
            if (refusal == null) {
                Files.write(target, RENDERED);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Uni.createFrom()
                .completionStage(held)
                .chain(() -> refusal != null
                        ? refusal
                        : Uni.createFrom().item(new PictureResult.Rendered(spec.format(), 1, 1, RENDERED.length)));
    }

    private static byte[] content(int length) {
        byte[] content = new byte[length];
        new Random().nextBytes(content);
        return content;
    }

    private Blob published(byte[] content) {
        return ((PublishResult.Stored) house.publish(content, "ada")).blob();
    }

    private CompletableFuture<VariantResult> ask(Blob blob) {
        return ask(blob, SPEC);
    }

    private CompletableFuture<VariantResult> ask(Blob blob, PictureSpec spec) {
        return variants.of(blob, spec, ENGINE).subscribeAsCompletionStage();
    }

    private void untilRendering(int count) {
        Awaitility.await().until(() -> renders.get() == count);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private void abandon(Blob blob) {
        await(house.references.detach(blob.ref().id(), House.by("ada")));
    }

    private SweepReport sweep() {
        return await(house.sweeper(new SweptVariants(cache, new LiveBlobs(new Blobs(pool)), work))
                .sweep(false));
    }

    // ---- once

    @Test
    void howeverManyAskItIsMadeOnce() throws Exception {
        // Given
        Blob blob = published(content(House.LARGE));

        // When
        RaceGate<VariantResult> race =
                RaceGate.race(100, number -> () -> ask(blob).get());

        // Then
        race.assertWinners(100, result -> result instanceof Made);
        assertThat(renders).hasValue(1);
        assertThat(ask(blob).join()).isInstanceOf(Made.class);
        assertThat(renders).hasValue(1);
        assertThat(meters.get("holdfast.media.variants.derived").timer().count())
                .isPositive();
    }

    /** Above all for those who ask at the moment when it is finished: it is not there yet, and then nobody makes it any more. */
    @Test
    void whoAsksWhenItIsFinishedDoesNotHaveItMadeAgain() throws Exception {
        for (int round = 1; round <= 10; round++) {
            // Given
            Blob blob = published(content(House.LARGE));

            // When
            RaceGate<VariantResult> race = RaceGate.race(10, number -> () -> {
                CompletableFuture<VariantResult> first = ask(blob);
                CompletableFuture<VariantResult> last = first;
                while (!first.isDone()) {
                    last = ask(blob);
                }
                return last.get();
            });

            // Then
            race.assertWinners(10, result -> result instanceof Made);
            assertThat(renders).hasValue(round);
        }
    }

    @Test
    void whatIsTornIsMadeAgain() throws Exception {
        // Given
        Blob blob = published(content(House.LARGE));
        ask(blob).join();
        cache.close();
        Files.writeString(files().getFirst(), "torn");
        start();

        // When
        VariantResult result = ask(blob).join();

        // Then
        assertThat(result)
                .isInstanceOfSatisfying(
                        Made.class,
                        made -> assertThat(((MemoryBytes) made.bytes()).all().getBytes())
                                .isEqualTo(RENDERED));
        assertThat(renders).hasValue(2);
    }

    @Test
    void aPictureThatCannotBeDecodedIsTriedOnce() {
        // Given
        Blob blob = published(content(House.LARGE));
        var why = new Refusal(Refusal.Reason.BROKEN, "It is broken. Save it anew.");
        refusal = Uni.createFrom().item(new PictureResult.Refused(why));

        // When
        VariantResult first = ask(blob).join();
        VariantResult inAnotherSize =
                ask(blob, Preset.PAGE.in(PictureFormat.WEBP)).join();

        // Then
        assertThat(first).isEqualTo(new Refused(why)).isEqualTo(inAnotherSize);
        assertThat(renders).hasValue(1);
    }

    @Test
    void whatFailsThroughNoFaultOfThePictureIsTriedAgain() {
        // Given
        Blob blob = published(content(House.LARGE));
        refusal = Uni.createFrom().failure(new IllegalStateException("no worker"));
        assertThatThrownBy(ask(blob)::join).hasRootCauseMessage("no worker");

        // When
        refusal = null;

        // Then
        assertThat(ask(blob).join()).isInstanceOf(Made.class);
    }

    @Test
    void turnsAwayWhoWouldBeginOneTooMany() {
        // Given
        held = new CompletableFuture<>();
        List<CompletableFuture<VariantResult>> underWay = Stream.generate(() -> published(content(House.LARGE)))
                .limit(FLIGHTS)
                .map(this::ask)
                .toList();

        // When
        CompletableFuture<VariantResult> oneMore = ask(published(content(House.LARGE)));

        // Then
        assertThatThrownBy(oneMore::join).hasCauseInstanceOf(OverloadedException.class);
        held.complete(null);
        assertThat(underWay).allSatisfy(each -> assertThat(each.join()).isInstanceOf(Made.class));
        assertThat(meters.get("holdfast.media.variants.shed").counter().count()).isPositive();
    }

    // ---- originals that are in no file

    @ParameterizedTest
    @ValueSource(ints = {House.LARGE - 1, House.LARGE})
    void anOriginalIsReadFromWhereverItIsAndNoCopyIsLeft(int length) throws Exception {
        // Given
        byte[] content = content(length);
        Blob blob = published(content);
        assertThat(blob.backend()).isEqualTo(length < House.LARGE ? Backend.POSTGRES : Backend.FILES);

        // When
        ask(blob).join();

        // Then
        assertThat(seen).isEqualTo(content);
        Awaitility.await().untilAsserted(() -> assertThat(files()).hasSize(1));
    }

    @Test
    void noCopyIsLeftWhenThePictureCannotBeDecoded() throws Exception {
        // Given
        Blob blob = published(content(House.LARGE - 1));
        refusal = Uni.createFrom()
                .item(new PictureResult.Refused(new Refusal(Refusal.Reason.BROKEN, "It is broken. Save it anew.")));

        // When
        ask(blob).join();

        // Then
        Awaitility.await().untilAsserted(() -> assertThat(files()).isEmpty());
    }

    // ---- images that are gone

    @ParameterizedTest
    @ValueSource(ints = {House.LARGE - 1, House.LARGE})
    void aSweepTakesTheVariantsWithTheImageAndLeavesOthers(int length) throws Exception {
        // Given
        Blob gone = published(content(length));
        Blob other = published(content(length));
        ask(gone).join();
        ask(gone, Preset.CARD.in(PictureFormat.WEBP)).join();
        ask(other).join();
        abandon(gone);

        // When
        sweep();

        // Then
        assertThat(files())
                .singleElement()
                .asString()
                .contains(other.ref().hash().hex());
        assertThat(cache.images()).containsExactly(other.ref().hash());
    }

    @Test
    void aDryRunTakesNothing() throws Exception {
        // Given
        Blob blob = published(content(House.LARGE));
        ask(blob).join();
        abandon(blob);

        // When
        await(house.sweeper(new SweptVariants(cache, new LiveBlobs(new Blobs(pool)), work))
                .sweep(true));

        // Then
        assertThat(files()).hasSize(1);
    }

    @Test
    void whatACrashLeavesBetweenTheImageAndItsVariantsTheNextSweepTakes() throws Exception {
        // Given a sweep that has not come to the variants
        Blob blob = published(content(House.LARGE));
        ask(blob).join();
        abandon(blob);
        await(house.sweeper().sweep(false));
        cache.close();
        start();
        assertThat(files()).hasSize(1);

        // When
        sweep();

        // Then
        assertThat(files()).isEmpty();
    }

    @Test
    void aVariantThatCannotBeDeletedKeepsNothingElseFromBeingSwept() throws Exception {
        // Given a directory where a file should be
        Blob blob = published(content(House.LARGE));
        ask(blob).join();
        abandon(blob);
        Path file = files().getFirst();
        Files.delete(file);
        Files.createDirectories(file.resolve("full"));

        // When
        SweepReport report = sweep();

        // Then
        assertThat(report.failed()).containsExactly("variants");
        assertThat(report.unused()).isEqualTo(1);
        assertThat(await(house.stores.of(Backend.FILES).list().collect().asList()))
                .isEmpty();
    }

    @Test
    void whatIsBeingMadeWhileItsImageIsSweptIsNotKept() throws Exception {
        // Given
        Blob blob = published(content(House.LARGE));
        held = new CompletableFuture<>();
        CompletableFuture<VariantResult> underWay = ask(blob);
        untilRendering(1);
        abandon(blob);
        sweep();

        // When
        held.complete(null);

        // Then
        assertThat(underWay.join()).isInstanceOf(Gone.class);
        assertThat(files()).isEmpty();
        assertThat(cache.images()).isEmpty();
    }

    @Test
    void whatIsRememberedOfAnImageIsForgottenWhenItIsSwept() {
        // Given
        Blob blob = published(content(House.LARGE));
        var live = new LiveBlobs(new Blobs(pool));
        assertThat(await(live.of(blob.ref().hash()))).contains(blob);
        ask(blob).join();
        abandon(blob);

        // When
        await(house.sweeper(new SweptVariants(cache, live, work)).sweep(false));

        // Then
        assertThat(await(live.of(blob.ref().hash()))).isEmpty();
    }
}
