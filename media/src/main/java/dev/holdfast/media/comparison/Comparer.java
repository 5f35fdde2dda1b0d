package dev.holdfast.media.comparison;

import dev.holdfast.media.blob.Publisher;
import dev.holdfast.media.comparison.Comparison.Measured;
import dev.holdfast.media.comparison.ComparisonStore.Sampled;
import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobException;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.media.store.Sha256;
import dev.holdfast.media.store.Staging;
import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.postgres.Transactions;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/** Measures all stores on a sample of the images, one store after the other and one comparison at a time. */
public final class Comparer {
    /** Whose the intents of the copies are. */
    static final String OWNER = "comparison";

    private static final Logger LOG = Logger.getLogger(Comparer.class);
    private static final int HASH_LENGTH = 32;

    private final Pool pool;
    private final Transactions transactions;
    private final Publisher publisher;
    private final Staging staging;
    private final BlobStores stores;
    private final Ids ids;
    private final Clock clock;
    private final RandomGenerator random;
    private final long bytesMax;
    private final AtomicBoolean running = new AtomicBoolean();

    /** @param bytesMax of all images of a sample */
    Comparer(
            Pool pool,
            Transactions transactions,
            Publisher publisher,
            Staging staging,
            BlobStores stores,
            Ids ids,
            Clock clock,
            RandomGenerator random,
            long bytesMax) {
        this.pool = pool;
        this.transactions = transactions;
        this.publisher = publisher;
        this.staging = staging;
        this.stores = stores;
        this.ids = ids;
        this.clock = clock;
        this.random = random;
        this.bytesMax = bytesMax;
    }

    /** What the last one that came to its end has measured. */
    public Uni<Optional<Comparison>> latest() {
        return ComparisonStore.latest(pool);
    }

    /** @param imagesMax of the sample */
    public Uni<ComparisonResult> compare(int imagesMax) {
        return Uni.createFrom().deferred(() -> {
            if (!running.compareAndSet(false, true)) {
                return Uni.createFrom().item(new ComparisonResult.Busy());
            }
            return sample(imagesMax)
                    .chain(sample ->
                            sample.isEmpty() ? Uni.createFrom().item(new ComparisonResult.NoImages()) : measure(sample))
                    .onFailure(BlobException.class)
                    .recoverWithItem(failure -> said(failure))
                    .onTermination()
                    .invoke(() -> running.set(false));
        });
    }

    private static ComparisonResult said(BlobException failure) {
        if (failure.reason() == BlobException.Reason.MISSING) {
            return new ComparisonResult.Changed();
        }
        LOG.warnf(failure, "The stores cannot be compared");
        return new ComparisonResult.Failed();
    }

    private Uni<List<Sampled>> sample(int imagesMax) {
        byte[] from = new byte[HASH_LENGTH];
        random.nextBytes(from);
        return ComparisonStore.sample(pool, Sha256.ofBytes(from), imagesMax).map(this::withinBytes);
    }

    private List<Sampled> withinBytes(List<Sampled> found) {
        var sample = new ArrayList<Sampled>();
        long bytes = 0;
        for (Sampled image : found) {
            bytes += image.ref().size();
            if (bytes <= bytesMax) {
                sample.add(image);
            } else {
                break;
            }
        }
        return sample;
    }

    private Uni<ComparisonResult> measure(List<Sampled> sample) {
        return Multi.createFrom()
                .iterable(stores.backends().stream().sorted().toList())
                .onItem()
                .transformToUniAndConcatenate(backend -> measure(backend, sample))
                .collect()
                .asList()
                .map(measured -> new Comparison(
                        ids.next(),
                        clock.instant().truncatedTo(ChronoUnit.MICROS),
                        sample.size(),
                        sample.stream().mapToLong(image -> image.ref().size()).sum(),
                        measured))
                .call(comparison ->
                        transactions.inTransaction(connection -> ComparisonStore.save(connection, comparison)))
                .map(ComparisonResult.Done::new);
    }

    private Uni<Measured> measure(Backend backend, List<Sampled> sample) {
        var trial = new Trial(backend, stores.of(backend), publisher, staging, () -> ComparisonStore.wal(pool));
        Sampled smallest = sample.stream()
                .min(Comparator.comparingLong(image -> image.ref().size()))
                .orElseThrow();
        return bytes(smallest)
                .chain(bytes -> trial.warmUp(smallest.ref(), bytes))
                .chain(() -> Multi.createFrom()
                        .iterable(sample)
                        .onItem()
                        .transformToUniAndConcatenate(
                                image -> bytes(image).chain(bytes -> trial.write(image.ref(), bytes)))
                        .onItem()
                        .ignoreAsUni())
                .chain(trial::readAll)
                .call(trial::removeAll)
                .onFailure()
                .call(trial::abandon)
                .onCancellation()
                .call(trial::abandon);
    }

    /** One image at a time is in memory. */
    private Uni<Buffer> bytes(Sampled image) {
        return stores.of(image.backend())
                .read(image.ref(), 0, image.ref().size())
                .collect()
                .in(Buffer::buffer, (Buffer all, Buffer piece) -> all.appendBuffer(piece));
    }
}
