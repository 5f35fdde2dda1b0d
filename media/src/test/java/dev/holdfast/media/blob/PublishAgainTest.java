package dev.holdfast.media.blob;

import static dev.holdfast.media.blob.House.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobRef;
import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.Integrity;
import dev.holdfast.media.store.StagedFile;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
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
        assertThat(await(house.stores.of(Backend.FILES).verify(blob.ref()))).isEqualTo(Integrity.INTACT);
    }

    /** The same bytes are attached to the image that is there, which must not be one whose bytes its store has lost. */
    @ParameterizedTest
    @ValueSource(ints = {House.LARGE - 1, House.LARGE})
    void bytesThatAStoreHasLostComeBackWithWhoSendsThemAgain(int size) {
        // Given
        byte[] content = content(size);
        Blob lost = ((PublishResult.Stored) house.publish(content, "ada")).blob();
        await(house.stores.of(lost.backend()).delete(lost.ref()));

        // When
        PublishResult result = house.publish(content, "bob");

        // Then
        assertThat(result).isEqualTo(new PublishResult.Known(lost));
        assertThat(await(house.stores.of(lost.backend()).verify(lost.ref()))).isEqualTo(Integrity.INTACT);
        assertThat(await(house.staging.list())).isEmpty();
    }
}
