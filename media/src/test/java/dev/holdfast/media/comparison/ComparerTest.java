package dev.holdfast.media.comparison;

import static dev.holdfast.media.blob.House.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.media.blob.House;
import dev.holdfast.media.comparison.Comparison.Measured;
import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobRef;
import dev.holdfast.media.store.BlobStore;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.media.store.Disk;
import dev.holdfast.platform.id.Ids;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** On a real database and a directory. */
@ExtendWith(HoldfastExtension.class)
class ComparerTest {
    private static final long BYTES_MAX = 100_000_000;

    @TempDir
    Path directory;

    private Pool pool;
    private House house;

    @BeforeEach
    void open(TestSchema schema) {
        pool = schema.migrate("db/platform", "db/migration").openPool(8);
        house = new House(pool, new Disk(), directory.resolve("media"));
    }

    @AfterEach
    void close() {
        house.close();
        pool.closeAndForget();
    }

    private static byte[] content(int length) {
        byte[] content = new byte[length];
        new Random().nextBytes(content);
        return content;
    }

    private Comparer comparer(UnaryOperator<BlobStore> around, long bytesMax) {
        var stores = new EnumMap<Backend, BlobStore>(Backend.class);
        house.stores.byBackend().forEach((backend, store) -> stores.put(backend, around.apply(store)));
        return new Comparer(
                pool,
                house.transactions,
                house.publisher,
                house.staging,
                new BlobStores(stores),
                new Ids(Clock.systemUTC(), new SecureRandom()),
                Clock.systemUTC(),
                new Random(),
                bytesMax);
    }

    private Comparer comparer() {
        return comparer(store -> store, BYTES_MAX);
    }

    private interface Before {
        /** What must happen first; when it fails, the call does. */
        Uni<?> call(String method, BlobStore store, BlobRef ref);
    }

    /** A store before whose calls about a blob something happens. */
    private static UnaryOperator<BlobStore> before(Before before) {
        return store -> (BlobStore) Proxy.newProxyInstance(
                BlobStore.class.getClassLoader(), new Class<?>[] {BlobStore.class}, (proxy, method, arguments) -> {
                    if (arguments == null || !(arguments[0] instanceof BlobRef ref)) {
                        return method.invoke(store, arguments);
                    }
                    Uni<?> first = Uni.createFrom().deferred(() -> before.call(method.getName(), store, ref));
                    return method.getReturnType() == Multi.class
                            ? first.onItem().transformToMulti(ignored -> (Multi<?>) invoke(store, method, arguments))
                            : first.chain(() -> (Uni<?>) invoke(store, method, arguments));
                });
    }

    private static Object invoke(BlobStore store, Method method, Object[] arguments) {
        try {
            return method.invoke(store, arguments);
        } catch (ReflectiveOperationException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static Comparison done(ComparisonResult result) {
        assertThat(result).isInstanceOf(ComparisonResult.Done.class);
        return ((ComparisonResult.Done) result).comparison();
    }

    /** All that is stored or announced, anywhere. */
    private List<String> everything() {
        var found = new ArrayList<String>();
        house.stores
                .byBackend()
                .forEach((backend, store) -> await(store.list().collect().asList())
                        .forEach(stored -> found.add("%s %s".formatted(backend, stored.id()))));
        await(house.staging.list()).forEach(id -> found.add("staged " + id));
        await(pool.query("SELECT id FROM upload_intent").execute())
                .forEach(row -> found.add("announced " + row.getUUID("id")));
        return found.stream().sorted().toList();
    }

    @Test
    void measuresEachStoreOnTheImagesThatAreThereAndLeavesNothing() {
        // Given
        house.publish(content(1_000), "ada");
        house.publish(content(10_000), "ada");
        house.publish(content(700_000), "ada");
        List<String> before = everything();

        // When
        Comparison comparison = done(await(comparer().compare(20)));

        // Then
        assertThat(comparison.images()).isEqualTo(3);
        assertThat(comparison.bytes()).isEqualTo(711_000);
        assertThat(comparison.stores()).extracting(Measured::store).containsExactly(Backend.FILES, Backend.POSTGRES);
        for (Measured measured : comparison.stores()) {
            assertThat(measured.write().medianMicros()).isPositive();
            assertThat(measured.write().p95Micros())
                    .isGreaterThan(measured.write().medianMicros());
            assertThat(measured.read().medianMicros()).isPositive();
            assertThat(measured.backupMicros()).isPositive();
            assertThat(measured.spaceBytes()).isGreaterThan(711_000).isLessThan(2 * 711_000);
        }
        assertThat(comparison.stores().getLast().walBytes()).isGreaterThan(711_000);
        assertThat(everything()).isEqualTo(before);
        assertThat(await(comparer().latest())).contains(comparison);
    }

    @Test
    void onlyTheLatestIsKept() {
        house.publish(content(1_000), "ada");
        assertThat(await(comparer().latest())).isEmpty();
        await(comparer().compare(1));
        Comparison second = done(await(comparer().compare(1)));
        assertThat(await(comparer().latest())).contains(second);
        assertThat(await(pool.query("SELECT count(DISTINCT id) FROM comparison").execute())
                        .iterator()
                        .next()
                        .getLong(0))
                .isEqualTo(1);
    }

    @Test
    void aSampleHasNoMoreImagesAndBytesThanItMay() {
        for (int i = 0; i < 5; i++) {
            house.publish(content(1_000), "ada");
        }
        assertThat(done(await(comparer().compare(3))).images()).isEqualTo(3);
        assertThat(done(await(comparer(store -> store, 4_500).compare(20))).images())
                .isEqualTo(4);
        assertThat(await(comparer(store -> store, 999).compare(20))).isInstanceOf(ComparisonResult.NoImages.class);
    }

    @Test
    void aSweepInTheMiddleTakesNothingAway() {
        // Given
        house.publish(content(1_000), "ada");
        house.publish(content(10_000), "ada");
        var sweeps = new AtomicInteger();
        UnaryOperator<BlobStore> swept =
                before((method, store, ref) -> house.sweeper().sweep(false).invoke(sweeps::incrementAndGet));

        // When
        ComparisonResult result = await(comparer(swept, BYTES_MAX).compare(20));

        // Then
        done(result);
        assertThat(sweeps.get()).isGreaterThan(10);
    }

    /** From one moment on, nothing more is done to the stores. */
    @Test
    void whatACrashLeavesIsSweptWhenItsIntentHasExpired() {
        // Given
        house.publish(content(1_000), "ada");
        house.publish(content(10_000), "ada");
        List<String> before = everything();
        var puts = new AtomicInteger();
        UnaryOperator<BlobStore> crashing = before((method, store, ref) -> {
            boolean crashed = method.equals("put") ? puts.incrementAndGet() > 2 : puts.get() > 2;
            return crashed
                    ? Uni.createFrom().failure(new IllegalStateException("crash"))
                    : Uni.createFrom().voidItem();
        });

        // When
        assertThat(await(comparer(crashing, BYTES_MAX).compare(20).onFailure().recoverWithNull()))
                .isNull();

        // Then
        assertThat(everything()).hasSizeGreaterThan(before.size());
        await(house.sweeper().sweep(false));
        assertThat(everything()).hasSizeGreaterThan(before.size());
        house.letIntentsExpire();
        await(house.sweeper().sweep(false));
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aStoreThatFailsCostsTheComparisonAndNothingElse() {
        // Given
        house.publish(content(1_000), "ada");
        List<String> before = everything();
        UnaryOperator<BlobStore> forgetful = before((method, store, ref) -> method.equals("footprint")
                ? store.delete(ref)
                : Uni.createFrom().voidItem());

        // When
        ComparisonResult result = await(comparer(forgetful, BYTES_MAX).compare(20));

        // Then
        assertThat(result).isInstanceOf(ComparisonResult.Changed.class);
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void twoAtOnceWouldMeasureEachOther() {
        // Given
        house.publish(content(1_000), "ada");
        var reached = new CompletableFuture<Void>();
        var goOn = new CompletableFuture<Void>();
        Comparer comparer = comparer(
                before((method, store, ref) -> {
                    reached.complete(null);
                    return Uni.createFrom().completionStage(goOn);
                }),
                BYTES_MAX);
        CompletableFuture<ComparisonResult> first = comparer.compare(1).subscribeAsCompletionStage();
        await(Uni.createFrom().completionStage(CompletableFuture.anyOf(reached, first)));

        // When
        ComparisonResult second = await(comparer.compare(1));
        goOn.complete(null);

        // Then
        assertThat(second).isInstanceOf(ComparisonResult.Busy.class);
        done(await(Uni.createFrom().completionStage(first)));
        done(await(comparer.compare(1)));
    }
}
