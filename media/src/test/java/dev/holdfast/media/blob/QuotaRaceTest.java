package dev.holdfast.media.blob;

import static dev.holdfast.media.blob.House.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.StagedFile;
import dev.holdfast.media.sweep.SweepReport;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an owner's references hold never exceeds its quota, whoever adds to it at once; and nothing is left of what found no room. */
@ExtendWith(HoldfastExtension.class)
class QuotaRaceTest {
    private static final int SIZE = 1_000;
    private static final int ROOM = 5;
    private static final int RIVALS = 12;
    private static final int ROUNDS = 10;

    @TempDir
    Path directory;

    private final String owner = UUID.randomUUID().toString();
    private Pool pool;

    @BeforeEach
    void open() {
        pool = TestSchema.create().migrate("db/platform", "db/migration").openPool(RIVALS);
    }

    @AfterEach
    void close() {
        pool.closeAndForget();
    }

    private House house(Quota quota) {
        return new House(pool, new Disk(), directory.resolve(UUID.randomUUID().toString()), store -> store, quota);
    }

    private static byte[] content() {
        byte[] content = new byte[SIZE];
        new Random().nextBytes(content);
        return content;
    }

    private static Quota bytes(long bytes) {
        return new Quota(bytes, Long.MAX_VALUE);
    }

    private QuotaUse use(String owner) {
        return await(PublishingStore.use(pool, House.by(owner), bytes(0)));
    }

    private static <T> List<T> allAtOnce(Stream<Uni<T>> unis) {
        List<CompletableFuture<T>> running = new ArrayList<>();
        unis.forEach(one -> running.add(one.subscribeAsCompletionStage()));
        return running.stream().map(CompletableFuture::join).toList();
    }

    private static Uni<PublishResult> publish(House house, StagedFile staged, String owner) {
        return house.publisher.publish(staged, new Content("image/png", 1, 1), House.by(owner));
    }

    @Test
    void asManyUploadsAtOnceAreKeptAsThereIsRoomFor() {
        try (House house = house(bytes(ROOM * SIZE + SIZE / 2))) {
            for (int round = 0; round < ROUNDS; round++) {
                // Given
                String rival = owner + round;
                List<StagedFile> staged = Stream.generate(() -> house.stage(content()))
                        .limit(RIVALS)
                        .toList();

                // When
                List<PublishResult> results = allAtOnce(staged.stream().map(one -> publish(house, one, rival)));

                // Then
                assertThat(results.stream().filter(PublishResult.Stored.class::isInstance))
                        .hasSize(ROOM);
                assertThat(results.stream().filter(PublishResult.OverQuota.class::isInstance))
                        .hasSize(RIVALS - ROOM);
                assertThat(use(rival).bytes()).isEqualTo(ROOM * SIZE);
            }
            assertNothingIsLeft(house);
        }
    }

    /** Of what found no room: no intent, no blob, no bytes. */
    private void assertNothingIsLeft(House house) {
        house.letIntentsExpire();
        assertThat(await(house.sweeper().sweep(true))).isEqualTo(new SweepReport(0, 0, 0, 0, 0, false));
    }

    @Test
    void asManyReferencesAtOnceAreAddedAsThereIsRoomFor() {
        try (House house = house(new Quota(Long.MAX_VALUE, ROOM))) {
            // Given
            List<UUID> blobs = Stream.iterate(0, i -> i + 1)
                    .limit(RIVALS)
                    .map(i -> ((PublishResult.Stored) house.publish(content(), "somebody" + i))
                            .blob()
                            .ref()
                            .id())
                    .toList();

            // When
            List<AttachResult> results =
                    allAtOnce(blobs.stream().map(blob -> house.references.attach(blob, House.by(owner))));

            // Then
            assertThat(results.stream().filter(AttachResult.Attached.class::isInstance))
                    .hasSize(ROOM);
            assertThat(results.stream().filter(AttachResult.OverQuota.class::isInstance))
                    .hasSize(RIVALS - ROOM);
            assertThat(use(owner).images()).isEqualTo(ROOM);
        }
    }

    @Test
    void whatIsAttachedAlreadyNeedsNoRoom() {
        try (House house = house(bytes(SIZE))) {
            String full = owner + "full";
            byte[] content = content();
            UUID blob = ((PublishResult.Stored) house.publish(content, full))
                    .blob()
                    .ref()
                    .id();

            assertThat(await(house.references.attach(blob, House.by(full)))).isInstanceOf(AttachResult.Already.class);
            assertThat(house.publish(content, full)).isInstanceOf(PublishResult.Known.class);
            assertThat(await(house.references.attach(blob, new Reference("user", full, "cover"))))
                    .isEqualTo(new AttachResult.OverQuota(new QuotaUse(SIZE, 1, bytes(SIZE))));
        }
    }

    @Test
    void whatIsDetachedMakesRoom() {
        try (House house = house(bytes(SIZE))) {
            String full = owner + "detaching";
            UUID blob = ((PublishResult.Stored) house.publish(content(), full))
                    .blob()
                    .ref()
                    .id();
            assertThat(house.publish(content(), full)).isInstanceOf(PublishResult.OverQuota.class);

            await(house.references.detach(blob, House.by(full)));

            assertThat(house.publish(content(), full)).isInstanceOf(PublishResult.Stored.class);
        }
    }

    /** One statement that counts and adds, which looks like enough: none of them sees what the others have not committed yet. */
    @Test
    void oneStatementThatCountsAndAddsLetsThemAllPass() {
        try (House house = house(bytes(Long.MAX_VALUE))) {
            List<UUID> blobs = Stream.iterate(0, i -> i + 1)
                    .limit(2)
                    .map(i -> ((PublishResult.Stored) house.publish(content(), "other" + i))
                            .blob()
                            .ref()
                            .id())
                    .toList();
            String naive = owner + "naive";
            await(pool.withTransaction(one -> one.query(naively(naive, blobs.get(0)))
                    .execute()
                    .chain(() -> pool.query(naively(naive, blobs.get(1))).execute())));

            assertThat(use(naive).images()).isEqualTo(2);
        }
    }

    /** Room for one. */
    private static String naively(String owner, UUID blob) {
        return """
                INSERT INTO media_ref (owner_type, owner_id, role, blob_id)
                SELECT 'user', '%1$s', 'portrait', '%2$s'
                 WHERE (SELECT count(*) FROM media_ref WHERE owner_type = 'user' AND owner_id = '%1$s') < 1
                """.formatted(owner, blob);
    }
}
