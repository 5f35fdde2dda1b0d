package dev.holdfast.media.backup;

import static dev.holdfast.media.blob.House.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.local.media.BackupException;
import dev.holdfast.local.media.BackupFolder;
import dev.holdfast.local.media.EventPositions;
import dev.holdfast.local.media.Holds;
import dev.holdfast.local.media.MediaBackup;
import dev.holdfast.local.media.MediaDatabase;
import dev.holdfast.local.media.MediaRestore;
import dev.holdfast.local.media.MediaRestore.Consent;
import dev.holdfast.local.media.Verification;
import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.blob.House;
import dev.holdfast.media.blob.PublishResult;
import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.Integrity;
import dev.holdfast.media.sweep.BackupHolds;
import dev.holdfast.platform.id.Ids;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestKafka;
import dev.holdfast.testkit.TestSchema;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backup and restore with the service's own stores, on a real database and directories. */
@ExtendWith(HoldfastExtension.class)
class MediaBackupTest {
    private static final List<Path> SCRIPTS =
            List.of(Path.of("src/main/resources/db/migration"), Path.of("../platform/src/main/resources/db/platform"));
    private static final int SMALL = 1_000;
    private static final int LARGE = House.LARGE * 3;

    @TempDir
    private Path directory;

    private final TestSchema original = TestSchema.create();
    private final TestSchema copy = TestSchema.create();
    private Pool pool;
    private House house;
    private BackupHolds holds;
    private BackupFolder folder;
    private EventPositions positions;

    @BeforeEach
    void open(TestKafka kafka) {
        pool = original.migrate("db/platform", "db/migration").openPool(8);
        original.execute(
                "UPDATE flyway_schema_history SET script = 'db/any/' || script"); // as a service that starts does
        house = new House(pool, new Disk(), directory.resolve("media"));
        holds = new BackupHolds(pool, new Ids(Clock.systemUTC(), new Random()), Clock.systemUTC());
        folder = new BackupFolder(directory.resolve("backup"));
        positions = new EventPositions(kafka.bootstrapServers(), Map.of());
    }

    @AfterEach
    void close() {
        house.close();
        pool.closeAndForget();
    }

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random().nextBytes(content);
        return content;
    }

    private Blob uploaded(int size, String owner) {
        return switch (house.publish(content(size), owner)) {
            case PublishResult.Stored(Blob blob) -> blob;
            case PublishResult result -> throw new AssertionError(result);
        };
    }

    // ---- what is tried

    private Holds held() {
        return new Holds() {
            @Override
            public UUID hold() {
                return await(holds.hold(Duration.ofHours(1))).id();
            }

            @Override
            public boolean release(UUID hold) {
                return await(holds.release(hold));
            }
        };
    }

    private MediaBackup.Report backUp() throws IOException, SQLException {
        return backUp(held(), InstantSource.system());
    }

    private MediaBackup.Report backUp(Holds holds, InstantSource clock) throws IOException, SQLException {
        return new MediaBackup(holds, database(original), positions, directory.resolve("media"), SCRIPTS, clock)
                .take(folder);
    }

    private MediaRestore.Report restore(Consent consent) throws IOException, SQLException {
        return restore(consent, InstantSource.system());
    }

    private MediaRestore.Report restore(Consent consent, InstantSource clock) throws IOException, SQLException {
        return new MediaRestore(database(copy), positions, restored(), clock).restore(folder, consent);
    }

    private static MediaDatabase database(TestSchema schema) {
        return new MediaDatabase(schema.ownerJdbcUrl(), schema.name(), "todo_app");
    }

    private Path restored() {
        return directory.resolve("restored");
    }

    /** Does something else when it is looked at for the n-th time: a step of what looks at it is over then. */
    private static InstantSource clock(int call, Runnable then) {
        var calls = new AtomicInteger();
        return () -> {
            if (calls.incrementAndGet() == call) {
                then.run();
            }
            return Clock.systemUTC().instant();
        };
    }

    private static final int ROWS_ARE_COPIED = 2;

    private static long number(TestSchema schema, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(schema.ownerJdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void assertIsUntouched() throws IOException {
        assertThat(copy.catalogue()).isEmpty();
        assertThat(restored()).doesNotExist();
    }

    private List<Path> files(String under) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve(under))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    // ---- backups

    @Test
    void eachRowOfABackupThatIsMadeUnderLoadComesBackWithItsBytes() throws Exception {
        // Given clients that upload and remove, and a sweep after a sweep
        Queue<Blob> kept = new ConcurrentLinkedQueue<>();
        var isOver = new AtomicBoolean();
        MediaBackup.Report backup;
        List<Blob> before;
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < 4; client++) {
                String owner = "client-" + client;
                clients.execute(() -> uploadAndRemove(owner, kept, isOver));
            }
            clients.execute(() -> {
                while (!isOver.get()) {
                    await(house.sweeper().sweep(false));
                }
            });

            // When
            try {
                Awaitility.await().until(() -> kept.size() > 60);
                before = List.copyOf(kept);
                backup = backUp();
            } finally {
                isOver.set(true);
            }
        }
        MediaRestore.Report restored = restore(Consent.NONE);

        // Then
        assertThat(backup.damaged()).isEmpty();
        assertThat(restored.images().isClean()).isTrue();
        assertThat(restored.images().files()).isEqualTo(backup.copied()).isPositive();
        assertThat(restored.images().rows()).isEqualTo(backup.inDatabase()).isPositive();
        Pool copied = copy.openPool(4);
        try (var again = new House(copied, new Disk(), restored())) {
            assertThat(before)
                    .allSatisfy(blob -> assertThat(
                                    await(again.stores.of(blob.backend()).verify(blob.ref())))
                            .isEqualTo(Integrity.INTACT));
        }
        copied.closeAndForget();
    }

    private void uploadAndRemove(String owner, Queue<Blob> kept, AtomicBoolean isOver) {
        for (int number = 0; !isOver.get(); number++) {
            Blob blob = uploaded(number % 2 == 0 ? SMALL : LARGE, owner);
            if (number % 3 == 0) {
                remove(blob);
            } else {
                kept.add(blob);
            }
        }
    }

    private void remove(Blob blob) {
        original.execute("DELETE FROM media_ref WHERE blob_id = '%s'"
                .formatted(blob.ref().id()));
    }

    @Test
    void whatIsDeletedAfterItsRowWasCopiedIsThereToBeCopied() throws Exception {
        // Given
        Blob blob = uploaded(LARGE, "ada");
        Runnable removeAndSweep = () -> {
            remove(blob);
            await(house.sweeper().sweep(false));
        };

        // When
        MediaBackup.Report backup = backUp(held(), clock(ROWS_ARE_COPIED, removeAndSweep));

        // Then
        assertThat(backup.damaged()).isEmpty();
        await(house.sweeper().sweep(false));
        assertThat(files("media")).isEmpty();
        assertThat(restore(Consent.NONE).images().files()).isEqualTo(1);
    }

    @Test
    void aBackupWhoseHoldHasEndedIsNoneAndTheOneBeforeIsStillThere() throws Exception {
        // Given
        uploaded(LARGE, "ada");
        assertThatThrownBy(() -> restore(Consent.NONE)).hasMessageContaining("no whole backup");
        Path whole = backUp().folder();
        uploaded(LARGE, "bob");

        // When
        assertThatThrownBy(() -> backUp(
                        held(),
                        clock(
                                ROWS_ARE_COPIED,
                                () -> original.execute("UPDATE backup_hold SET expires_at = '-infinity'"))))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("there is no backup");

        // Then
        MediaRestore.Report restored = restore(Consent.NONE);
        assertThat(restored.folder()).isEqualTo(whole);
        assertThat(restored.images().intact()).isEqualTo(1);
    }

    @Test
    void aBackupThatIsInterruptedIsNoneAndHoldsNothing() throws Exception {
        // Given
        uploaded(LARGE, "ada");

        // When
        assertThatThrownBy(() -> backUp(held(), clock(ROWS_ARE_COPIED, () -> {
                    throw new IllegalStateException("interrupted");
                })))
                .hasMessage("interrupted");

        // Then
        assertThat(files("backup")).anyMatch(file -> file.endsWith("tables/blob.copy"));
        assertThatThrownBy(() -> restore(Consent.NONE)).hasMessageContaining("no whole backup");
        assertIsUntouched();
        assertThat(number(original, "SELECT count(*) FROM backup_hold")).isZero();
        assertThat(backUp().copied()).isEqualTo(1);
        assertThat(files("backup").stream().filter(file -> file.endsWith("tables/blob.copy")))
                .hasSize(1);
    }

    @Test
    void onlyWhatIsNewIsCopiedAndWhatIsDamagedIsCopiedAgain() throws Exception {
        // Given
        uploaded(LARGE, "ada");
        uploaded(LARGE, "ada");
        backUp();
        Path damaged = files("backup/objects").getFirst();
        Files.writeString(damaged, "something else");
        uploaded(LARGE, "ada");

        // When
        MediaBackup.Report second = backUp();

        // Then
        assertThat(second.copied()).isEqualTo(2);
        assertThat(second.present()).isEqualTo(1);
        assertThat(restore(Consent.NONE).images().files()).isEqualTo(3);
    }

    @Test
    void whatTheServiceItselfHasLostIsNamedAndTheRestIsKept() throws Exception {
        // Given
        Blob missing = uploaded(LARGE, "ada");
        Blob other = uploaded(SMALL, "ada");
        uploaded(LARGE, "bob");
        Files.delete(files("media/objects").stream()
                .filter(file -> file.toString().endsWith(missing.ref().id().toString()))
                .findFirst()
                .orElseThrow());
        original.execute("UPDATE blob_chunk SET bytes = 'x' WHERE blob_id = '%s'"
                .formatted(other.ref().id()));

        // When
        MediaBackup.Report backup = backUp();

        // Then
        assertThat(backup.damaged())
                .hasSize(2)
                .anyMatch(name -> name.endsWith(missing.ref().id().toString()))
                .anyMatch(name -> name.endsWith(other.ref().id().toString()));
        MediaRestore.Report restored = restore(Consent.NONE);
        assertThat(restored.damaged()).isEqualTo(backup.damaged());
        assertThat(restored.images().intact()).isEqualTo(1);
    }

    // ---- restores

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/objects/",
                "tables/blob_chunk.copy",
                "tables/media_ref.copy",
                "images.list",
                "schema/V2__blobs.sql"
            })
    void aDamagedBackupIsRefusedByNameBeforeAnythingIsTouched(String which) throws Exception {
        // Given
        uploaded(LARGE, "ada");
        uploaded(SMALL, "ada");
        backUp();
        Path file = files("backup").stream()
                .filter(one -> one.toString().contains(which))
                .findFirst()
                .orElseThrow();
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        // When / Then
        assertThatThrownBy(() -> restore(Consent.NONE))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining(String.valueOf(file.getFileName()));
        assertIsUntouched();
    }

    @Test
    void imagesThatAreThereAreReplacedOnlyWhenThatIsSaid() throws Exception {
        // Given
        uploaded(LARGE, "ada");
        backUp();
        restore(Consent.NONE);
        copy.execute("UPDATE media_ref SET owner_id = 'bob'");

        // When / Then
        assertThatThrownBy(() -> restore(Consent.NONE))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("There are 1 images");
        assertThat(number(copy, "SELECT count(*) FROM media_ref WHERE owner_id = 'bob'"))
                .isEqualTo(1);
        MediaRestore.Report again = restore(Consent.REPLACE);
        assertThat(again.present()).isEqualTo(1);
        assertThat(number(copy, "SELECT count(*) FROM media_ref WHERE owner_id = 'ada'"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void aRestoreThatIsInterruptedLeavesNoRowAndMayBeRunAgain(int step) throws Exception {
        // Given
        uploaded(LARGE, "ada");
        uploaded(SMALL, "ada");
        backUp();
        assertThatThrownBy(() -> restore(Consent.NONE, clock(step, () -> {
                    throw new IllegalStateException("interrupted");
                })))
                .hasMessage("interrupted");
        assertThat(copy.catalogue()).isEmpty();
        copy.migrate("db/platform", "db/migration"); // perhaps the service has been started meanwhile
        Files.createDirectories(restored().resolve("unfinished"));
        Files.writeString(restored().resolve("unfinished/half"), "half of an image");

        // When
        MediaRestore.Report again = restore(Consent.NONE);

        // Then
        assertThat(again.images()).isEqualTo(new Verification(1, 1, 0, List.of()));
        assertThat(restored().resolve("unfinished")).doesNotExist();
        assertThat(copy.catalogue()).isEqualTo(original.catalogue());
    }

    @Test
    void bytesThatDoNotComeBackKeepTheRowsFromComingBack() throws Exception {
        // Given a disk that loses what was written to it
        Blob blob = uploaded(LARGE, "ada");
        backUp();
        Runnable lose = () -> {
            try {
                Files.delete(files("restored/objects").getFirst());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        };

        // When / Then
        assertThatThrownBy(() -> restore(Consent.NONE, clock(3, lose)))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining(blob.ref().id().toString());
        assertThat(number(copy, "SELECT count(*) FROM blob")).isZero();
        assertThat(restore(Consent.NONE).images().files()).isEqualTo(1);
    }

    @Test
    void whatIsAboutTheMomentStaysBehindAndWhatIsAboutImagesComesBack() throws Exception {
        // Given
        uploaded(SMALL, "ada");
        await(house.publisher.announce("bob"));
        original.execute("""
                INSERT INTO lease VALUES ('relay-0', 'me', 7, 'infinity');
                INSERT INTO inbox_version VALUES ('media.users', 'ada', 3);
                INSERT INTO inbox_event VALUES ('media.products', gen_random_uuid());
                INSERT INTO blob_chunk VALUES (gen_random_uuid(), 0, 'of an upload under way');
                INSERT INTO outbox (event_id, topic, type, aggregate_id, aggregate_version, occurred_at, payload)
                SELECT gen_random_uuid(), 'media.events', 'stored', 'blob', 1, now(), '{}' FROM generate_series(1, 3);
                DELETE FROM outbox WHERE id = 1;
                """);
        backUp();

        // When
        restore(Consent.NONE);

        // Then
        for (String empty : List.of("lease", "backup_hold", "upload_intent")) {
            assertThat(number(copy, "SELECT count(*) FROM " + empty)).as(empty).isZero();
        }
        for (String full : List.of("media_ref", "inbox_version", "inbox_event", "blob_chunk")) {
            assertThat(number(copy, "SELECT count(*) FROM " + full)).as(full).isEqualTo(1);
        }
        assertThat(number(copy, "SELECT min(id) FROM outbox")).isEqualTo(2);
        assertThat(number(copy, """
                INSERT INTO outbox (event_id, topic, type, aggregate_id, aggregate_version, occurred_at, payload)
                VALUES (gen_random_uuid(), 'media.events', 'stored', 'blob', 2, now(), '{}') RETURNING id
                """)).isEqualTo(5);
    }

    // ---- what has happened since

    @Test
    void eventsSinceTheBackupAreReadAgainAndWhereTheyAreGoneThatIsSaid(TestKafka kafka) throws Exception {
        // Given a service that has read one of two events, and after the backup the other and a third
        String topic = kafka.freshTopic(1);
        String group = "media-" + topic;
        positions = new EventPositions(kafka.bootstrapServers(), Map.of(group, topic));
        var partition = new TopicPartition(topic, 0);
        kafka.publish(topic, "ada", new byte[0]);
        kafka.publish(topic, "bob", new byte[0]);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            commit(admin, group, partition, 1);
            uploaded(SMALL, "ada");
            backUp();
            kafka.publish(topic, "ada", new byte[0]);
            commit(admin, group, partition, 3);

            // When / Then
            restore(Consent.NONE);
            assertThat(committed(admin, group, partition)).isEqualTo(1);

            // When / Then
            commit(admin, group, partition, 3);
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2)))
                    .all()
                    .get();
            assertThatThrownBy(() -> restore(Consent.REPLACE))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("Kafka has deleted events")
                    .hasMessageContaining(topic);
            assertThat(committed(admin, group, partition)).isEqualTo(3);

            // When / Then
            restore(new Consent(true, true));
            assertThat(committed(admin, group, partition)).isEqualTo(2);
        }
    }

    private static void commit(Admin admin, String group, TopicPartition partition, long offset)
            throws ExecutionException, InterruptedException {
        admin.alterConsumerGroupOffsets(group, Map.of(partition, new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    private static long committed(Admin admin, String group, TopicPartition partition)
            throws ExecutionException, InterruptedException {
        return admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(partition)
                .offset();
    }
}
