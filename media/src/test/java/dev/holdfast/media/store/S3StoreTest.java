package dev.holdfast.media.store;

import static dev.holdfast.media.store.StoreFixture.await;
import static dev.holdfast.media.store.StoreFixture.bytes;
import static dev.holdfast.media.store.StoreFixture.failure;
import static dev.holdfast.media.store.StoreFixture.ref;
import static dev.holdfast.media.store.StoreFixture.stage;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.media.MediaConfig;
import dev.holdfast.media.store.BlobException.Reason;
import dev.holdfast.testkit.TcpProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;

class S3StoreTest extends BlobStoreContract {
    private static final class Subject extends StoreUnderTest {
        static final Subject INSTANCE = new Subject();

        private final MediaConfig.Store.S3 config = StoreConfigs.s3(S3Server.port());
        final S3AsyncClient client = S3Clients.of(config);
        private final BlobStore store = new S3Store(client, S3Server.BUCKET, config.partLength(), config.timeout());

        @Override
        BlobStore store() {
            return store;
        }

        @Override
        void corrupt(BlobRef ref) {
            client.putObject(
                            put -> put.bucket(S3Server.BUCKET).key(ObjectKey.of(ref)),
                            AsyncRequestBody.fromBytes(bytes((int) ref.size(), 666)))
                    .join();
        }

        @Override
        int readersMax() {
            return StoreConfigs.CONNECTIONS - 1;
        }
    }

    @Override
    StoreUnderTest subject() {
        return Subject.INSTANCE;
    }

    private static StagedFile staged(BlobRef ref, byte[] content) {
        return stage(Subject.INSTANCE.staging(), ref.id(), content);
    }

    private static BlobStore at(int port) {
        return BlobStores.s3(StoreConfigs.s3(port), S3Server.BUCKET);
    }

    private static Reason reason(Throwable failure) {
        assertThat(failure).isInstanceOf(BlobException.class);
        return ((BlobException) failure).reason();
    }

    @Test
    void saysThatTheBucketIsNotThere() {
        // Given
        BlobRef ref = ref(bytes(10, 1));
        BlobStore elsewhere = BlobStores.s3(StoreConfigs.s3(S3Server.port()), "no-such-bucket");

        // When / Then
        assertThat(reason(failure(elsewhere.list().collect().asList()))).isEqualTo(Reason.REFUSED);
        assertThat(reason(failure(elsewhere.read(ref, 0, 10).collect().asList())))
                .isEqualTo(Reason.REFUSED);
    }

    /** A server that answers the same to everything. */
    @ParameterizedTest
    @CsvSource({
        "403, AccessDenied, REFUSED, 1",
        "503, SlowDown, UNAVAILABLE, 3",
        "500, InternalError, UNAVAILABLE, 3",
        "409, ConditionalRequestConflict, UNAVAILABLE, 1"
    })
    void saysWhatS3MeansAndAsksAgainWhenThatMayHelp(int status, String code, Reason reason, int attempts)
            throws IOException {
        // Given
        var asked = new AtomicInteger();
        byte[] answer = "<Error><Code>%s</Code><Message>no</Message></Error>"
                .formatted(code)
                .getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        BlobRef ref = ref(bytes(10, 1));

        // When
        Throwable failure = failure(
                at(server.getAddress().getPort()).read(ref, 0, 10).collect().asList());

        // Then
        assertThat(reason(failure)).isEqualTo(reason);
        assertThat(asked.get()).isEqualTo(attempts);
        server.stop(0);
    }

    @Test
    void showsNothingOfAPutWhoseConnectionIsCut() throws Exception {
        // Given
        byte[] content = bytes(6 * 1024 * 1024, 1);
        BlobRef ref = ref(content);
        StagedFile staged = staged(ref, content);
        try (var proxy = new TcpProxy("127.0.0.1", S3Server.port())) {
            BlobStore store = at(proxy.port());
            await(store.exists(ref));
            proxy.cut();

            // When
            Throwable failure = failure(store.put(ref, staged));

            // Then
            assertThat(reason(failure)).isEqualTo(Reason.UNAVAILABLE);
            proxy.open();
            assertThat(await(store.exists(ref))).isFalse();
            await(store.put(ref, staged));
            assertThat(await(store.verify(ref))).isEqualTo(Integrity.INTACT);
        }
    }

    @Test
    void leavesNoPartsOfAPutThatFailed() throws Exception {
        // Given an upload that has lost its end since
        byte[] content = bytes(11 * 1024 * 1024, 1);
        BlobRef ref = ref(content);
        StagedFile staged = staged(ref, content);
        Files.write(staged.path(), Arrays.copyOf(content, content.length - 1000));

        // When
        failure(Subject.INSTANCE.store().put(ref, staged));

        // Then
        assertThat(Subject.INSTANCE
                        .client
                        .listMultipartUploads(
                                list -> list.bucket(S3Server.BUCKET).prefix(ObjectKey.of(ref)))
                        .join()
                        .uploads())
                .isEmpty();
    }

    @Test
    void partsThatACrashHasLeftAreListedAndDeleted() {
        // Given
        BlobRef ref = ref(bytes(6 * 1024 * 1024, 3));
        String key = ObjectKey.of(ref);
        S3AsyncClient client = Subject.INSTANCE.client;
        String upload = client.createMultipartUpload(
                        create -> create.bucket(S3Server.BUCKET).key(key))
                .join()
                .uploadId();
        client.uploadPart(
                        part -> part.bucket(S3Server.BUCKET)
                                .key(key)
                                .uploadId(upload)
                                .partNumber(1),
                        AsyncRequestBody.fromBytes(new byte[5 * 1024 * 1024]))
                .join();
        BlobStore store = Subject.INSTANCE.store();
        var unfinished = new StoredBlob(ref.copy(), key, 0);
        assertThat(await(store.list().collect().asList())).contains(unfinished);

        // When
        await(store.delete(List.of(unfinished)));

        // Then
        assertThat(await(store.list().collect().asList())).doesNotContain(unfinished);
    }

    @Test
    void saysThatTheConnectionWasCutWhileItRead() throws Exception {
        // Given
        byte[] content = bytes(4 * 1024 * 1024, 1);
        BlobRef ref = ref(content);
        await(Subject.INSTANCE.store().put(ref, staged(ref, content)));
        try (var proxy = new TcpProxy("127.0.0.1", S3Server.port())) {
            // When
            Throwable failure = failure(at(proxy.port())
                    .read(ref, 0, content.length)
                    .onItem()
                    .invoke(proxy::cut)
                    .collect()
                    .asList());

            // Then
            assertThat(reason(failure)).isEqualTo(Reason.UNAVAILABLE);
        }
    }

    /** The server of the tests looks and writes in two steps when parts are completed, so there is no race of those. */
    @Test
    void writesInPartsOnlyWhereThereIsNothing() {
        // Given
        byte[] content = bytes(6 * 1024 * 1024, 2);
        BlobRef ref = ref(content);
        StagedFile staged = staged(ref, content);
        await(Subject.INSTANCE.store().put(ref, staged));
        var again = new S3Multipart(Subject.INSTANCE.client, S3Server.BUCKET, ObjectKey.of(ref), 5 * 1024 * 1024);

        // When
        Throwable failure = failure(again.write(staged));

        // Then
        assertThat(S3Failures.ofPut(ref.id(), failure)).isInstanceOf(Presence.AlreadyThereException.class);
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

    @Test
    void writesOnlyWhereThereIsNothingAndWithTheHash() throws IOException {
        // Given a server that says to a question that there is nothing, and to a write that there is something by now
        var written = new AtomicReference<Headers>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            boolean asks = exchange.getRequestMethod().equals("HEAD");
            if (!asks) {
                written.set(exchange.getRequestHeaders());
                exchange.getRequestBody().readAllBytes();
            }
            exchange.sendResponseHeaders(asks ? 404 : 412, -1);
            exchange.close();
        });
        server.start();
        byte[] content = bytes(10, 1);
        BlobRef ref = ref(content);

        // When
        Throwable failure = failure(at(server.getAddress().getPort()).put(ref, staged(ref, content)));

        // Then
        assertThat(reason(failure)).isEqualTo(Reason.MISSING);
        assertThat(written.get().getFirst("If-None-Match")).isEqualTo("*");
        assertThat(written.get().getFirst("x-amz-checksum-sha256"))
                .isEqualTo(Base64.getEncoder().encodeToString(ref.hash().bytes()));
        server.stop(0);
    }
}
