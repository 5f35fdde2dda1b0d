package dev.holdfast.media.blob;

import static dev.holdfast.media.blob.House.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.media.store.BlobStore;
import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.StagedFile;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestSchema;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What lies in the outbox; that nothing is missing there after a crash says {@link CrashTest}. */
@ExtendWith(HoldfastExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BlobEventsTest {
    @TempDir
    Path directory;

    private final AtomicBoolean deletesFail = new AtomicBoolean();
    private Pool pool;
    private House house;

    @BeforeAll
    void open() {
        pool = TestSchema.create().migrate("db/platform", "db/migration").openPool(8);
    }

    @BeforeEach
    void move() {
        deletesFail.set(false);
        house = new House(pool, new Disk(), directory.resolve(UUID.randomUUID().toString()), this::failing);
    }

    @AfterEach
    void leave() {
        await(pool.query("DELETE FROM media_ref").execute());
        await(house.sweeper().sweep(false));
        house.close();
    }

    @AfterAll
    void close() {
        pool.closeAndForget();
    }

    private BlobStore failing(BlobStore store) {
        return (BlobStore) Proxy.newProxyInstance(
                BlobStore.class.getClassLoader(), new Class<?>[] {BlobStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("delete") && deletesFail.get()) {
                        return Uni.createFrom().failure(new IllegalStateException("the disk is gone"));
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }

    private static byte[] content() {
        byte[] content = new byte[2 * House.LARGE];
        new Random().nextBytes(content);
        return content;
    }

    private List<String> told(String aggregate, String columns) {
        return await(pool.query("SELECT concat_ws(' ', %s) FROM outbox WHERE aggregate_id = '%s' ORDER BY id"
                                .formatted(columns, aggregate))
                        .execute())
                .stream()
                .map(row -> row.getString(0))
                .toList();
    }

    @Test
    void theBeginningAndTheEndOfABlobAreToldOnce() {
        // Given
        byte[] content = content();
        StagedFile staged = house.stage(content);
        Blob blob = ((PublishResult.Stored) house.publish(staged, "ada")).blob();
        house.publish(staged, "ada");
        assertThat(house.publish(content, "bob")).isInstanceOf(PublishResult.Known.class);

        // When
        for (String user : List.of("ada", "bob")) {
            await(house.references.detach(blob.ref().hash(), House.by(user)));
            await(house.sweeper().sweep(false));
        }

        // Then
        String id = blob.ref().id().toString();
        assertThat(told(id, "type, aggregate_version")).containsExactly("media.stored 1", "media.deleted 2");
        assertThat(told(id, "payload"))
                .containsOnly("""
                {"id":"%s","sha256":"%s","size":%d,"mediaType":"image/png","width":1,"height":1,"store":"files"}""".formatted(id, blob.ref().hash(), content.length));
        assertThat(told("files/" + id, "type")).isEmpty();
    }

    @Test
    void ofManySweepsOneTells() throws InterruptedException {
        // Given
        List<String> blobs = new Random()
                .ints(20)
                .mapToObj(number -> (PublishResult.Stored) house.publish(content(), "ada"))
                .map(stored -> stored.blob().ref().id().toString())
                .toList();
        await(pool.query("DELETE FROM media_ref").execute());

        // When
        RaceGate<Object> sweeps =
                RaceGate.race(4, number -> () -> await(house.sweeper().sweep(false)));

        // Then
        assertThat(sweeps.failures()).isEmpty();
        await(house.sweeper().sweep(false));
        assertThat(blobs)
                .allSatisfy(id -> assertThat(told(id, "type")).containsExactly("media.stored", "media.deleted"));
    }

    @Test
    void bytesWithoutAnImageAreToldOfUnderOneIdHoweverOftenItTakes() {
        // Given
        StagedFile staged = house.storeForNobody(content());
        await(house.sweeper().sweep(true));
        String copy = "files/" + staged.id();
        assertThat(told(copy, "type")).isEmpty();

        // When
        deletesFail.set(true);
        assertThatThrownBy(() -> await(house.sweeper().sweep(false))).hasMessageContaining("the disk is gone");
        deletesFail.set(false);
        await(house.sweeper().sweep(false));
        await(house.sweeper().sweep(false));

        // Then
        assertThat(told(copy, "type, aggregate_version"))
                .containsExactly("media.orphan-removed 1", "media.orphan-removed 1");
        assertThat(told(copy, "event_id").stream().distinct()).hasSize(1);
        assertThat(told(copy, "payload").getFirst())
                .isEqualTo("{\"id\":\"%s\",\"size\":%d,\"store\":\"files\"}".formatted(staged.id(), staged.size()));
    }
}
