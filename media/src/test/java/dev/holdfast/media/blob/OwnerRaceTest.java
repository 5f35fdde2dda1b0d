package dev.holdfast.media.blob;

import static dev.holdfast.media.blob.House.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobRef;
import dev.holdfast.media.store.BlobStore;
import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.Integrity;
import dev.holdfast.media.store.StagedFile;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestSchema;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Once a user has been erased there is no reference of theirs, whoever was about to add one; first as it goes wrong. */
@ExtendWith(HoldfastExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnerRaceTest {
    private static final int ROUNDS = 30;

    @TempDir
    Path directory;

    private final Random random = new Random();
    private Pool pool;
    private House house;
    private String user;

    @BeforeAll
    void open() {
        pool = TestSchema.create().migrate("db/platform", "db/migration").openPool(10);
    }

    @BeforeEach
    void move() {
        house = new House(pool, new Disk(), directory.resolve(UUID.randomUUID().toString()));
        user = "user " + UUID.randomUUID();
    }

    @AfterEach
    void leave() {
        house.close();
    }

    @AfterAll
    void close() {
        pool.closeAndForget();
    }

    private byte[] content() {
        byte[] content = new byte[House.LARGE - 1];
        random.nextBytes(content);
        return content;
    }

    /** That somebody else uses. */
    private UUID blob() {
        return ((PublishResult.Stored) house.publish(content(), "somebody"))
                .blob()
                .ref()
                .id();
    }

    private Uni<Integer> erase() {
        return house.transactions.inTransaction(connection -> Owners.erase(connection, user));
    }

    private long references() {
        return count("SELECT count(*) FROM media_ref WHERE owner_id = '%s'".formatted(user));
    }

    private long waiting() {
        return count("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = current_user");
    }

    private long count(String sql) {
        return await(pool.query(sql).execute()).iterator().next().getLong(0);
    }

    /** Attaches and is stopped at the blob, when it has looked for the owner; meanwhile the user is erased, or waits to be. */
    private AttachResult attachWhileErased(UUID blob, Uni<AttachResult> attach) {
        SqlConnection connection = await(pool.getConnection());
        Transaction transaction = await(connection.begin());
        await(connection
                .query("SELECT FROM blob WHERE id = '%s' FOR UPDATE".formatted(blob))
                .execute());
        CompletableFuture<AttachResult> attaching = attach.subscribeAsCompletionStage();
        Awaitility.await().until(() -> waiting() == 1);
        CompletableFuture<Integer> erasing = erase().subscribeAsCompletionStage();
        Awaitility.await().until(() -> erasing.isDone() || waiting() == 2);
        await(transaction.commit());
        await(connection.close());
        erasing.join();
        return attaching.join();
    }

    /** Looks for a tombstone, and then adds the reference, in one transaction; which looks like enough. */
    private Uni<AttachResult> attachNaively(UUID blob) {
        return house.transactions.inTransaction(connection -> connection
                .query("SELECT FROM erased_owner WHERE owner_id = '%s'".formatted(user))
                .execute()
                .chain(found -> found.size() > 0
                        ? Uni.createFrom().<AttachResult>item(new AttachResult.OwnerErased())
                        : PublishingStore.lock(connection, blob)
                                .chain(live -> PublishingStore.refer(
                                        connection, live.orElseThrow(), House.by(user), House.UNLIMITED))));
    }

    @Test
    void whoOnlyLooksFirstBringsAnErasedUserBack() {
        UUID blob = blob();
        assertThat(attachWhileErased(blob, attachNaively(blob))).isInstanceOf(AttachResult.Attached.class);
        assertThat(references()).isEqualTo(1);
    }

    @Test
    void anErasureWaitsForWhoIsAttaching() {
        UUID blob = blob();
        assertThat(attachWhileErased(blob, house.references.attach(blob, House.by(user))))
                .isInstanceOf(AttachResult.Attached.class);
        assertThat(references()).isZero();
    }

    @Test
    void whoAttachesWaitsForAnErasureAndIsTold() {
        // Given
        UUID blob = blob();
        SqlConnection connection = await(pool.getConnection());
        Transaction transaction = await(connection.begin());
        await(Owners.erase(connection, user));

        // When
        CompletableFuture<AttachResult> attaching =
                house.references.attach(blob, House.by(user)).subscribeAsCompletionStage();
        Awaitility.await().until(() -> attaching.isDone() || waiting() == 1);
        await(transaction.commit());
        await(connection.close());

        // Then
        assertThat(attaching.join()).isInstanceOf(AttachResult.OwnerErased.class);
        assertThat(references()).isZero();
    }

    @Test
    void anUploadUnderWayIsGivenUp() {
        // Given
        byte[] known = content();
        house.publish(known, "somebody");
        StagedFile staged = house.stage(content(), user);
        StagedFile stagedByAnother = house.stage(content());
        StagedFile stagedAgain = house.stage(known);

        // When
        await(erase());

        // Then
        assertThat(count("SELECT count(*) FROM upload_intent WHERE owner = '%s'".formatted(user)))
                .isZero();
        for (StagedFile upload : List.of(staged, stagedByAnother, stagedAgain)) {
            assertThat(house.publish(upload, user)).isInstanceOf(PublishResult.OwnerErased.class);
        }
        assertThat(references()).isZero();
        assertThat(count("SELECT count(*) FROM upload_intent WHERE id IN ('%s', '%s')"
                        .formatted(stagedByAnother.id(), stagedAgain.id())))
                .isZero();
        assertThat(await(house.staging.list())).isEmpty();
    }

    /** The answer to the first attempt got lost, so there is a second one. */
    @Test
    void anotherOwnersImageSurvivesTheUploadOfWhoHasBeenErased() {
        // Given
        var during = new AtomicReference<Runnable>(() -> {});
        try (House paused = new House(
                pool,
                new Disk(),
                directory.resolve(UUID.randomUUID().toString()),
                store -> beforePut(store, () -> during.getAndSet(() -> {}).run()))) {
            StagedFile staged = paused.stage(content());
            during.set(() -> {
                paused.publish(staged, user);
                await(paused.references.attach(staged.sha256(), House.by("somebody")));
                await(erase());
            });

            // When
            assertThat(paused.publish(staged, user)).isInstanceOf(PublishResult.OwnerErased.class);

            // Then
            assertThat(references()).isZero();
            assertThat(await(paused.stores
                            .of(Backend.POSTGRES)
                            .verify(new BlobRef(staged.id(), staged.sha256(), staged.size()))))
                    .isEqualTo(Integrity.INTACT);
        }
    }

    private static BlobStore beforePut(BlobStore store, Runnable first) {
        return (BlobStore) Proxy.newProxyInstance(
                BlobStore.class.getClassLoader(),
                new Class<?>[] {BlobStore.class},
                (proxy, method, arguments) -> method.getName().equals("put")
                        ? Uni.createFrom()
                                .voidItem()
                                .invoke(first)
                                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                                .chain(() -> store.put((BlobRef) arguments[0], (StagedFile) arguments[1]))
                        : method.invoke(store, arguments));
    }

    @Test
    void inNoOrderIsThereAReferenceLeft() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            // Given
            user = "user " + UUID.randomUUID();
            byte[] known = content();
            UUID blob = ((PublishResult.Stored) house.publish(known, user))
                    .blob()
                    .ref()
                    .id();
            StagedFile same = house.stage(known);
            StagedFile other = house.stage(content());

            // When
            List<Callable<?>> workers = List.of(
                    () -> await(erase()),
                    () -> await(house.references.attach(blob, new Reference("user", user, "cover"))),
                    () -> await(house.references.attach(blob, new Reference("user", user, "back"))),
                    () -> await(house.references.detach(blob, House.by(user))),
                    () -> house.publish(same, user),
                    () -> house.publish(other, user),
                    () -> await(erase()));
            RaceGate<Object> race = RaceGate.race(workers.size(), number -> workers.get(number)::call);

            // Then
            assertThat(race.failures()).isEmpty();
            assertThat(references()).as("round %d: %s", round, race.results()).isZero();
        }
    }
}
