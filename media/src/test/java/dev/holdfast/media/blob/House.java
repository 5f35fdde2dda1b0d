package dev.holdfast.media.blob;

import dev.holdfast.media.move.Mover;
import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobPolicy;
import dev.holdfast.media.store.BlobRef;
import dev.holdfast.media.store.BlobStore;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.FileWork;
import dev.holdfast.media.store.StagedFile;
import dev.holdfast.media.store.Staging;
import dev.holdfast.media.store.Upload;
import dev.holdfast.media.sweep.BackupHolds;
import dev.holdfast.media.sweep.Derivatives;
import dev.holdfast.media.sweep.Sweeper;
import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.RetryConfig;
import dev.holdfast.platform.postgres.TransactionRetry;
import dev.holdfast.platform.postgres.Transactions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** All of the service that keeps bytes, on a real database and a directory, without HTTP and pictures. What is large is a file. */
public final class House implements AutoCloseable {
    public static final int LARGE = 4_096;
    public static final Duration INTENT_LASTS = Duration.ofHours(1);
    static final Quota UNLIMITED = new Quota(Long.MAX_VALUE, Long.MAX_VALUE);
    static final Content CONTENT = new Content("image/png", 1, 1);

    public final Pool pool;
    public final BlobStores stores;
    public final Staging staging;
    private final Ids ids = new Ids(Clock.systemUTC(), new SecureRandom());
    public final Publisher publisher;
    public final References references;
    public final FileWork work = new FileWork(4, 1_000);
    public final Transactions transactions;
    final BlobEvents events;
    private Duration later = Duration.ZERO;

    /** Does not try again what has failed. */
    private record Once() implements RetryConfig {
        @Override
        public int maxAttempts() {
            return 1;
        }

        @Override
        public Duration delayMin() {
            return Duration.ofMillis(1);
        }

        @Override
        public Duration delayMax() {
            return Duration.ofMillis(1);
        }
    }

    public House(Pool pool, Disk disk, Path base) {
        this(pool, disk, base, store -> store);
    }

    /** @param around puts something around each store */
    public House(Pool pool, Disk disk, Path base, UnaryOperator<BlobStore> around) {
        this(pool, disk, base, around, UNLIMITED);
    }

    House(Pool pool, Disk disk, Path base, UnaryOperator<BlobStore> around, Quota quota) {
        var quotas = new Quotas(List.of(), quota);
        this.pool = pool;
        this.transactions =
                new Transactions(pool, new TransactionRetry(new Once(), new Random(1), new SimpleMeterRegistry()));
        this.events = new BlobEvents(
                new Outbox(() -> {}),
                new Ids(Clock.systemUTC(), new SecureRandom()),
                Clock.systemUTC(),
                "media.events");
        this.staging = new Staging(disk, base, work);
        this.stores = new BlobStores(Map.of(
                Backend.FILES,
                around.apply(BlobStores.files(disk, base, work)),
                Backend.POSTGRES,
                around.apply(BlobStores.postgres(pool, transactions, disk, work))));
        this.publisher = new Publisher(
                pool,
                transactions,
                staging,
                stores,
                new BlobPolicy(List.of(new BlobPolicy.Rule("*/*", LARGE - 1, Backend.POSTGRES)), Backend.FILES),
                quotas,
                ids,
                Clock.systemUTC(),
                INTENT_LASTS,
                events);
        this.references = new References(pool, transactions, quotas);
    }

    public static <T> T await(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(30));
    }

    public static Reference by(String owner) {
        return new Reference("user", owner, "portrait");
    }

    /** Steps 1 and 2. */
    public StagedFile stage(byte[] content) {
        return stage(content, "somebody");
    }

    /** The same by this one. */
    StagedFile stage(byte[] content, String uploader) {
        UUID id = await(publisher.announce(uploader));
        Upload upload = await(publisher.begin(id, Integer.MAX_VALUE));
        await(upload.append(0, Multi.createFrom().item(Buffer.buffer(content)))
                .onFailure()
                .call(upload::close));
        return await(upload.finish());
    }

    /** Steps 1 to 3, and then somebody gives it up. */
    public StagedFile storeForNobody(byte[] content) {
        StagedFile staged = stage(content);
        await(stores.of(Backend.FILES).put(new BlobRef(staged.id(), staged.sha256(), staged.size()), staged));
        await(publisher.giveUp(staged.id()));
        return staged;
    }

    /** Steps 3 and 4. */
    public PublishResult publish(StagedFile staged, String owner) {
        return await(publisher.publish(staged, CONTENT, by(owner)));
    }

    public PublishResult publish(byte[] content, String owner) {
        return publish(stage(content), owner);
    }

    public Blobs blobs() {
        return new Blobs(pool);
    }

    public BackupHolds holds() {
        return new BackupHolds(pool, ids, Clock.systemUTC());
    }

    public Mover mover() {
        return new Mover(pool, blobs(), publisher, staging, stores, holds());
    }

    public Sweeper sweeper() {
        return sweeper(Derivatives.NONE);
    }

    public Sweeper sweeper(Derivatives derivatives) {
        return sweeper(derivatives, 0);
    }

    /** One that rests. */
    public Sweeper sweeper(double rest) {
        return sweeper(Derivatives.NONE, rest);
    }

    private Sweeper sweeper(Derivatives derivatives, double rest) {
        InstantSource clock = () -> Clock.systemUTC().instant().plus(later);
        return new Sweeper(
                pool, transactions, staging, stores, derivatives, clock.withZone(ZoneOffset.UTC), events, rest);
    }

    /** From now on, whatever has been announced so far has expired. */
    public void letIntentsExpire() {
        later = INTENT_LASTS.plusMinutes(1);
    }

    @Override
    public void close() {
        work.close();
    }
}
