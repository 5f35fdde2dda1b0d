package dev.holdfast.media.blob;

import static dev.holdfast.media.blob.House.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobException;
import dev.holdfast.media.store.BlobRef;
import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.Integrity;
import dev.holdfast.media.store.StagedFile;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishing what has been published before, or is about to be. */
@ExtendWith(HoldfastExtension.class)
class PublishAgainTest {
    @TempDir
    Path directory;

    private Pool pool;
    private House house;

    @BeforeEach
    void open(TestSchema schema) {
        pool = schema.migrate("db/platform", "db/migration").openPool(4);
        house = new House(pool, new Disk(), directory);
    }

    @AfterEach
    void close() {
        house.close();
        pool.closeAndForget();
    }

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    private long waiting() {
        return await(pool.query(
                                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = current_user")
                        .execute())
                .iterator()
                .next()
                .getLong(0);
    }

    /** Whoever lost the connection while it committed does not know what became of it, and neither does the database yet. */
    @Test
    void anEarlierCommitThatIsStillUnderWayIsWaitedForAndKeepsItsBytes() {
        // Given
        StagedFile staged = house.stage(content(House.LARGE));
        var blob = new Blob(new BlobRef(staged.id(), staged.sha256(), staged.size()), House.CONTENT, Backend.FILES);
        await(house.stores.of(Backend.FILES).put(blob.ref(), staged));
        SqlConnection connection = await(pool.getConnection());
        Transaction earlier = await(connection.begin());
        await(PublishingStore.confirm(connection, blob, House.by("ada"), House.UNLIMITED, house.events));

        // When
        CompletableFuture<PublishResult> again =
                house.publisher.publish(staged, House.CONTENT, House.by("ada")).subscribeAsCompletionStage();
        Awaitility.await().until(() -> again.isDone() || waiting() == 1);
        await(earlier.commit());
        await(connection.close());

        // Then
        assertThat(again.join()).isInstanceOf(PublishResult.Stored.class);
        assertThat(integrity(blob)).isEqualTo(Integrity.INTACT);
    }

    /** The same bytes are attached to the image that is there, which must not be one whose bytes its store has lost. */
    @ParameterizedTest
    @ValueSource(ints = {House.LARGE - 1, House.LARGE})
    void bytesThatAStoreHasLostComeBackWithWhoSendsThemAgain(int size) {
        // Given
        byte[] content = content(size);
        Blob lost = stored(content);
        await(house.stores.of(lost.backend()).delete(lost.ref()));

        // When
        PublishResult result = house.publish(content, "bob");

        // Then
        assertThat(result).isEqualTo(new PublishResult.Known(lost));
        assertThat(onlyBlob()).isEqualTo(lost);
        assertThat(integrity(lost)).isEqualTo(Integrity.INTACT);
        assertThat(await(house.staging.list())).isEmpty();
    }

    @Test
    void bytesThatAStoreHasSpoiltAreReplacedByThoseOfWhoSendsThemAgain() throws IOException {
        // Given
        byte[] content = content(House.LARGE);
        Blob spoilt = stored(content);
        spoil(spoilt);

        // When two come at once
        List<StagedFile> staged = List.of(house.stage(content), house.stage(content));
        List<CompletableFuture<PublishResult>> results = IntStream.range(0, 2)
                .mapToObj(i -> house.publisher
                        .publish(staged.get(i), House.CONTENT, House.by("uploader-" + i))
                        .subscribeAsCompletionStage())
                .toList();

        // Then
        assertThat(results).allSatisfy(result -> assertThat(result.join()).isInstanceOf(PublishResult.Known.class));
        assertThat(onlyBlob().ref()).isNotEqualTo(spoilt.ref());
        assertThat(onlyBlob().ref().id()).isEqualTo(spoilt.ref().id());
        assertThat(integrity(onlyBlob())).isEqualTo(Integrity.INTACT);

        // When
        await(house.sweeper().sweep(false));

        // Then
        assertThat(await(house.stores.of(Backend.FILES).list().collect().asList()))
                .containsExactly(
                        house.stores.of(Backend.FILES).stored(onlyBlob().ref()));
        assertThat(integrity(onlyBlob())).isEqualTo(Integrity.INTACT);
    }

    /** Who replaces spoilt bytes and does not hear of it must not take them away again. */
    @Test
    void aReplacementThatIsStillUnderWayIsWaitedForAndKeepsItsBytes() throws IOException {
        // Given
        byte[] content = content(House.LARGE);
        Blob spoilt = stored(content);
        spoil(spoilt);
        StagedFile staged = house.stage(content);
        var copy = new Blob(new BlobRef(staged.id(), staged.sha256(), staged.size()), House.CONTENT, Backend.FILES);
        await(house.stores.of(Backend.FILES).put(copy.ref(), staged));
        SqlConnection connection = await(pool.getConnection());
        Transaction earlier = await(connection.begin());
        await(PublishingStore.replace(connection, spoilt, copy, House.by("bob"), House.UNLIMITED, house.events));

        // When
        CompletableFuture<PublishResult> again =
                house.publisher.publish(staged, House.CONTENT, House.by("bob")).subscribeAsCompletionStage();
        Awaitility.await().until(() -> again.isDone() || waiting() == 1);
        await(earlier.commit());
        await(connection.close());

        // Then
        assertThat(again.join()).isInstanceOf(PublishResult.Known.class);
        assertThat(onlyBlob().ref().copy()).isEqualTo(staged.id());
        assertThat(integrity(onlyBlob())).isEqualTo(Integrity.INTACT);
    }

    /** That the owner has a reference from before says nothing of this upload. */
    @Test
    void whoseIntentIsGoneIsNotToldThatSpoiltBytesAreKept() throws IOException {
        // Given
        byte[] content = content(House.LARGE);
        Blob spoilt = stored(content);
        spoil(spoilt);
        StagedFile staged = house.stage(content, "ada");
        await(PublishingStore.giveUp(pool, staged.id()));

        // When
        PublishResult result = house.publish(staged, "ada");

        // Then
        assertThat(result).isEqualTo(new PublishResult.Expired());
        assertThat(house.publish(content, "ada")).isInstanceOf(PublishResult.Known.class);
        assertThat(integrity(onlyBlob())).isEqualTo(Integrity.INTACT);
    }

    @Test
    void bytesThatAreSpoiltThemselvesReplaceNone() throws IOException {
        // Given
        byte[] content = content(House.LARGE);
        Blob spoilt = stored(content);
        spoil(spoilt);
        StagedFile staged = house.stage(content);
        spoil(staged.path());

        // When / Then
        assertThatThrownBy(() -> house.publish(staged, "bob")).isInstanceOf(BlobException.class);
        assertThat(onlyBlob()).isEqualTo(spoilt);
    }

    private Blob stored(byte[] content) {
        return ((PublishResult.Stored) house.publish(content, "ada")).blob();
    }

    private void spoil(Blob blob) throws IOException {
        spoil(house.stores.of(blob.backend()).file(blob.ref()).orElseThrow());
    }

    private static void spoil(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[7]++;
        Files.write(file, bytes);
    }

    private Integrity integrity(Blob blob) {
        return await(house.stores.of(blob.backend()).verify(blob.ref()));
    }

    private Blob onlyBlob() {
        return BlobColumns.toBlob(await(pool.query("SELECT %s FROM blob".formatted(BlobColumns.NAMES))
                        .execute())
                .iterator()
                .next());
    }
}
