package dev.holdfast.media.sweep;

import static dev.holdfast.media.blob.House.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.media.blob.AttachResult;
import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.blob.House;
import dev.holdfast.media.blob.PublishResult;
import dev.holdfast.media.store.BlobRef;
import dev.holdfast.media.store.BlobStore;
import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.Integrity;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The two known races, held at the moment that matters, on a real database; first as others lose them. */
@ExtendWith(HoldfastExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SweepRaceTest {
    @TempDir
    Path directory;

    private Pool pool;

    @BeforeAll
    void open() {
        pool = TestSchema.create().migrate("db/platform", "db/migration").openPool(8);
    }

    @AfterAll
    void close() {
        pool.closeAndForget();
    }

    private House house(UnaryOperator<BlobStore> around) {
        return new House(pool, new Disk(), directory.resolve(UUID.randomUUID().toString()), around);
    }

    private static byte[] content() {
        byte[] content = new byte[2 * House.LARGE];
        new Random().nextBytes(content);
        return content;
    }

    /** That nobody uses any more. */
    private static Blob unused(House house, byte[] content) {
        PublishResult result = house.publish(content, "ada");
        Blob blob = ((PublishResult.Stored) result).blob();
        await(house.references.detach(blob.ref().id(), House.by("ada")));
        return blob;
    }

    private String stateOf(UUID blob) {
        return await(pool.query("SELECT state::text FROM blob WHERE id = '%s'".formatted(blob))
                        .execute())
                .stream()
                .map(row -> row.getString(0))
                .findFirst()
                .orElse("gone");
    }

    // ---- a reference that is added while the blob is condemned

    private interface During {
        void run();
    }

    /** What happens between the insert of a reference and its commit. */
    private void whileAttaching(UUID blob, During during) {
        SqlConnection connection = await(pool.getConnection());
        Transaction transaction = await(connection.begin());
        await(connection
                .query("SELECT FROM blob WHERE id = '%s' FOR KEY SHARE".formatted(blob))
                .execute());
        await(connection
                .query("INSERT INTO media_ref VALUES ('user', 'eve', 'portrait', '%s')".formatted(blob))
                .execute());
        during.run();
        await(transaction.commit());
        await(connection.close());
    }

    /** Looks and condemns in one statement, which looks like enough. */
    private void condemnNaively(UUID blob) {
        await(pool.query("""
                        UPDATE blob SET state = 'c'
                         WHERE id = '%s' AND state = 'l' AND NOT EXISTS (SELECT FROM media_ref WHERE blob_id = blob.id)
                        """.formatted(blob)).execute());
    }

    @Test
    void oneStatementCondemnsWhatSomebodyIsAttachingTo() {
        try (House house = house(store -> store)) {
            UUID blob = unused(house, content()).ref().id();
            whileAttaching(blob, () -> condemnNaively(blob));
            assertThat(stateOf(blob)).isEqualTo("c");
            await(pool.query("DELETE FROM media_ref").execute());
        }
    }

    @Test
    void whatSomebodyIsAttachingToIsLeftAlone() {
        try (House house = house(store -> store)) {
            Blob blob = unused(house, content());
            whileAttaching(blob.ref().id(), () -> await(house.sweeper().sweep(false)));
            assertThat(stateOf(blob.ref().id())).isEqualTo("l");
            assertThat(await(house.stores.of(blob.backend()).verify(blob.ref())))
                    .isEqualTo(Integrity.INTACT);
            await(house.references.detach(blob.ref().id(), House.by("eve")));
        }
    }

    @Test
    void whoComesWhileItIsCondemnedIsToldSo() {
        try (House house = house(store -> store)) {
            // Given
            UUID blob = unused(house, content()).ref().id();
            SqlConnection connection = await(pool.getConnection());
            Transaction transaction = await(connection.begin());
            assertThat(await(SweepStore.lock(connection, List.of(blob)))).containsExactly(blob);

            // When
            CompletableFuture<AttachResult> attaching =
                    house.references.attach(blob, House.by("eve")).subscribeAsCompletionStage();
            Awaitility.await().until(this::somebodyWaits);
            assertThat(await(SweepStore.condemn(connection, Set.of(blob)))).containsExactly(blob);
            await(transaction.commit());
            await(connection.close());

            // Then
            assertThat(attaching.join()).isInstanceOf(AttachResult.Gone.class);
        }
    }

    private boolean somebodyWaits() {
        return await(pool.query("SELECT count(*) FROM pg_locks WHERE NOT granted")
                                .execute())
                        .iterator()
                        .next()
                        .getLong(0)
                > 0;
    }

    // ---- the same bytes, uploaded while the old ones are deleted

    /** What happens before the first delete. */
    private static UnaryOperator<BlobStore> beforeDelete(AtomicReference<Runnable> during) {
        return store -> around(store, (name, arguments) -> {
            if (name.equals("delete")) {
                during.getAndSet(() -> {}).run();
            }
            return arguments;
        });
    }

    /** As stores are that name files after their bytes. */
    private static BlobStore namedAfterBytes(BlobStore store) {
        return around(
                store,
                (name, arguments) -> Arrays.stream(arguments)
                        .map(argument -> argument instanceof BlobRef ref
                                ? new BlobRef(new UUID(0, 0), ref.hash(), ref.size())
                                : argument)
                        .toArray());
    }

    private interface Before {
        Object[] call(String method, Object[] arguments);
    }

    private static BlobStore around(BlobStore store, Before before) {
        return (BlobStore) Proxy.newProxyInstance(
                BlobStore.class.getClassLoader(), new Class<?>[] {BlobStore.class}, (proxy, method, arguments) -> {
                    if (method.getReturnType() != Uni.class) {
                        return method.invoke(
                                store, before.call(method.getName(), arguments == null ? new Object[0] : arguments));
                    }
                    return Uni.createFrom()
                            .item(() -> before.call(method.getName(), arguments == null ? new Object[0] : arguments))
                            .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                            .chain(given -> {
                                try {
                                    return (Uni<?>) method.invoke(store, given);
                                } catch (IllegalAccessException | InvocationTargetException impossible) {
                                    throw new IllegalStateException(impossible);
                                }
                            });
                });
    }

    private Integrity uploadedWhileDeleted(UnaryOperator<BlobStore> naming) {
        var during = new AtomicReference<Runnable>(() -> {});
        try (House house = house(store -> naming.apply(beforeDelete(during).apply(store)))) {
            byte[] content = content();
            unused(house, content);
            var uploaded = new AtomicReference<PublishResult>();
            during.set(() -> uploaded.set(house.publish(content, "bob")));
            await(house.sweeper().sweep(false));
            Blob blob = ((PublishResult.Stored) uploaded.get()).blob();
            return await(house.stores.of(blob.backend()).verify(blob.ref()));
        }
    }

    @Test
    void aLateDeleteHitsTheNewBytesWhenFilesAreNamedAfterThem() {
        assertThat(uploadedWhileDeleted(SweepRaceTest::namedAfterBytes)).isEqualTo(Integrity.MISSING);
    }

    @Test
    void aLateDeleteHitsNothingElse() {
        assertThat(uploadedWhileDeleted(store -> store)).isEqualTo(Integrity.INTACT);
    }
}
