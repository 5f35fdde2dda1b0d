package dev.holdfast.media.store;

import static dev.holdfast.media.store.StoreFixture.await;
import static dev.holdfast.media.store.StoreFixture.bytes;
import static dev.holdfast.media.store.StoreFixture.failure;
import static dev.holdfast.media.store.StoreFixture.read;
import static dev.holdfast.media.store.StoreFixture.ref;
import static dev.holdfast.media.store.StoreFixture.stage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.platform.postgres.RetryConfig;
import dev.holdfast.platform.postgres.TransactionRetry;
import dev.holdfast.platform.postgres.Transactions;
import dev.holdfast.testkit.TcpProxy;
import dev.holdfast.testkit.TestSchema;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Multi;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresStoreTest extends BlobStoreContract {
    private static final class Subject extends StoreUnderTest {
        static final Subject INSTANCE = new Subject();

        final TestSchema schema = TestSchema.create().migrate("db/platform", "db/migration");
        private final BlobStore store = over(schema.openPool(3), disk);

        BlobStore over(Pool pool, Disk anyDisk) {
            var retry = new TransactionRetry(new FewRetries(), new Random(1), new SimpleMeterRegistry());
            return BlobStores.postgres(pool, new Transactions(pool, retry), anyDisk, work);
        }

        @Override
        BlobStore store() {
            return store;
        }

        @Override
        void corrupt(BlobRef ref) {
            schema.execute(
                    "UPDATE blob_chunk SET bytes = set_byte(bytes, 0, 255 - get_byte(bytes, 0)) WHERE blob_id = '%s'"
                            .formatted(ref.id()));
        }

        @Override
        int readersMax() {
            return 40;
        }
    }

    private record FewRetries() implements RetryConfig {
        @Override
        public int maxAttempts() {
            return 8;
        }

        @Override
        public Duration delayMin() {
            return Duration.ofMillis(1);
        }

        @Override
        public Duration delayMax() {
            return Duration.ofMillis(20);
        }
    }

    @Override
    StoreUnderTest subject() {
        return Subject.INSTANCE;
    }

    @ParameterizedTest
    @CsvSource({"400, 2000", "3000, 500", "100000, 40", "700000, 10"})
    void takesAsMuchRoomAsItSays(int size, int count) {
        // Given
        TestSchema fresh = TestSchema.create().migrate("db/platform", "db/migration");
        Pool pool = fresh.openPool(2);
        BlobStore store = Subject.INSTANCE.over(pool, Subject.INSTANCE.disk);
        long said = 0;

        // When
        for (int i = 0; i < count; i++) {
            byte[] content = bytes(size, i);
            BlobRef ref = ref(content);
            await(store.put(ref, stage(Subject.INSTANCE.staging(), ref.id(), content)));
            said += await(store.footprint(ref));
        }

        // Then
        long grown = await(pool.query("SELECT pg_total_relation_size('blob_chunk')")
                        .execute())
                .iterator()
                .next()
                .getLong(0);
        assertThat(said).isCloseTo(grown, Percentage.withPercentage(6));
        pool.closeAndForget();
    }

    @Test
    void keepsNothingOfAPutWhoseConnectionIsCut() throws Exception {
        // Given a disk that cuts the line to the server when half of the upload is read
        Subject subject = Subject.INSTANCE;
        byte[] content = bytes(1_500_000, 1);
        BlobRef ref = ref(content);
        StagedFile staged = stage(subject.staging(), ref.id(), content);
        try (var proxy = new TcpProxy("127.0.0.1", subject.schema.port())) {
            Pool pool = subject.schema.openPool(1, proxy.port());
            BlobStore cutOff = subject.over(pool, new Disk() {
                @Override
                public void read(OpenFile file, long position, ByteBuffer into) throws IOException {
                    super.read(file, position, into);
                    if (position > 700_000) {
                        proxy.cut();
                    }
                }
            });

            // When
            Throwable failure = failure(cutOff.put(ref, staged));

            // Then
            assertThat(failure)
                    .isInstanceOfSatisfying(
                            BlobException.class,
                            blob -> assertThat(blob.reason()).isEqualTo(BlobException.Reason.UNAVAILABLE));
            pool.closeAndForget();
        }
        assertThat(await(subject.store().exists(ref))).isFalse();
        await(subject.store().put(ref, staged));
        assertThat(await(subject.store().verify(ref))).isEqualTo(Integrity.INTACT);
    }

    @Test
    void listsPageByPage() {
        // Given more than a page
        Subject.INSTANCE.schema.execute(
                "INSERT INTO blob_chunk SELECT gen_random_uuid(), 0, '' FROM generate_series(1, 2500)");

        // When
        var few = await(
                Subject.INSTANCE.store().list().select().first(1200).collect().asList());
        Multi<StoredBlob> all = Subject.INSTANCE.store().list();

        // Then
        assertThat(few).hasSize(1200).doesNotHaveDuplicates();
        assertThat(await(all.collect().asList()))
                .hasSizeGreaterThanOrEqualTo(2500)
                .doesNotHaveDuplicates();
    }

    @Test
    void findsAMissingChunk() {
        // Given
        Subject subject = Subject.INSTANCE;
        byte[] content = bytes(600_000, 1);
        BlobRef ref = ref(content);
        await(subject.store().put(ref, stage(subject.staging(), ref.id(), content)));

        // When
        subject.schema.execute("DELETE FROM blob_chunk WHERE number = 1 AND blob_id = '%s'".formatted(ref.id()));

        // Then
        assertThat(await(subject.store().verify(ref))).isEqualTo(Integrity.CORRUPT);
        assertThat(read(subject.store(), ref, 0, 100)).hasSize(100);
    }

    @Test
    void refusesAnUploadThatChangedSinceItWasFinished() throws Exception {
        // Given
        Subject subject = Subject.INSTANCE;
        BlobRef ref = ref(bytes(300_000, 1));
        StagedFile staged = stage(subject.staging(), ref.id(), bytes(300_000, 1));
        Files.write(staged.path(), bytes(300_000, 2));

        // When
        Throwable failure = failure(subject.store().put(ref, staged));

        // Then
        assertThat(failure)
                .isInstanceOfSatisfying(
                        BlobException.class, blob -> assertThat(blob.reason()).isEqualTo(BlobException.Reason.DIFFERS));
        assertThat(await(subject.store().exists(ref))).isFalse();
    }
}
