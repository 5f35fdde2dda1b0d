package dev.holdfast.media.blob;

import static dev.holdfast.media.blob.House.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.CrashableDisk;
import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.Integrity;
import dev.holdfast.media.store.Sha256;
import dev.holdfast.media.store.StoredBlob;
import dev.holdfast.media.sweep.SweepReport;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.StatementCut;
import dev.holdfast.testkit.TestSchema;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power goes, the process dies or the database goes away at any operation while somebody uploads, detaches, moves and sweeps. Afterwards
 * each row has its bytes, what was acknowledged is there, and one sweep leaves nothing that nobody owns.
 */
@ExtendWith(HoldfastExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashTest {
    private static final int ROUNDS = 500;
    /** A round has about as many. */
    private static final int OPERATIONS = 45;

    private static final int STATEMENTS = 45;

    @TempDir
    Path root;

    private TestSchema schema;
    private StatementCut cut;

    @BeforeAll
    void open() throws IOException {
        schema = TestSchema.create().migrate("db/platform", "db/migration");
        cut = new StatementCut(schema.port());
    }

    @AfterAll
    void close() throws IOException {
        cut.close();
    }

    /** What somebody was told, by owner. */
    private record Told(Map<String, byte[]> uses, List<String> uncertain) {}

    @Test
    void nothingIsLostAndNothingIsLeftOver() throws IOException {
        int crashed = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            crashed += round(new Random(seed), "round " + seed) ? 1 : 0;
        }
        assertThat(crashed).as("rounds in which something failed").isGreaterThan(ROUNDS / 2);
        assertThat(toldWrongly()).isEmpty();
    }

    /** Of each blob that there was, its beginning and its end are told once. There is none left by now. */
    private List<String> toldWrongly() {
        Pool pool = schema.openPool(1);
        try {
            return await(pool.query("""
                            SELECT aggregate_id || ' ' || string_agg(type, ' ' ORDER BY id) AS told FROM outbox
                             WHERE type <> 'media.orphan-removed'
                             GROUP BY aggregate_id
                            HAVING array_agg(type ORDER BY id) <> ARRAY['media.stored', 'media.deleted']
                            """).execute()).stream()
                    .map(row -> row.getString("told"))
                    .toList();
        } finally {
            await(pool.close());
        }
    }

    /** True when something failed. */
    private boolean round(Random random, String name) throws IOException {
        Path place = Files.createDirectory(root.resolve(name.replace(' ', '-')));
        Path base = place.resolve("media");
        var disk = new CrashableDisk(place, random.nextLong());
        var told = new Told(new TreeMap<>(), new ArrayList<>());
        boolean crashed = false;
        Pool pool = schema.openPool(2, cut.port());
        try (var house = new House(pool, disk, base)) {
            byte[] first = content(random);
            house.publish(first, "ada");
            told.uses().put("ada", first);
            boolean isPowerCut = random.nextBoolean();
            if (isPowerCut) {
                disk.cutPowerAt(random.nextInt(OPERATIONS));
            } else {
                cut.arm(
                        1 + random.nextInt(STATEMENTS),
                        random.nextBoolean() ? StatementCut.Side.BEFORE : StatementCut.Side.AFTER);
            }
            try {
                act(house, random, first, told);
            } catch (RuntimeException failed) {
                crashed = true;
            }
            cut.disarm();
            if (isPowerCut) {
                disk.restart();
            } else {
                disk.restartAfterKill();
            }
        } finally {
            await(pool.close());
        }
        Pool again = schema.openPool(2);
        try (var house = new House(again, new Disk(), base)) {
            check(house, told, name);
        } finally {
            await(again.close());
        }
        return crashed;
    }

    private static byte[] content(Random random) {
        byte[] content = new byte[random.nextInt(2 * House.LARGE)];
        random.nextBytes(content);
        return content;
    }

    /** Others upload, the first one and they detach, somebody moves and sweeps; in any order. */
    private static void act(House house, Random random, byte[] first, Told told) {
        for (int i = 0; i < 4; i++) {
            String owner = "owner " + i;
            switch (random.nextInt(6)) {
                case 0 -> use(house, owner, first.clone(), told);
                case 1 -> use(house, owner, content(random), told);
                case 2 -> {
                    List<String> users = List.copyOf(told.uses().keySet());
                    if (!users.isEmpty()) {
                        leave(house, users.get(random.nextInt(users.size())), told);
                    }
                }
                case 3, 4 -> {
                    List<Blob> all = blobs(house);
                    if (!all.isEmpty()) {
                        Blob blob = all.get(random.nextInt(all.size()));
                        await(house.mover()
                                .move(blob, blob.backend() == Backend.FILES ? Backend.POSTGRES : Backend.FILES));
                    }
                }
                default -> await(house.sweeper().sweep(false));
            }
        }
    }

    private static void use(House house, String owner, byte[] content, Told told) {
        told.uncertain().add(owner);
        PublishResult result = house.publish(content, owner);
        assertThat(result).isNotInstanceOf(PublishResult.Expired.class);
        told.uncertain().remove(owner);
        told.uses().put(owner, content);
    }

    private static void leave(House house, String owner, Told told) {
        byte[] content = told.uses().remove(owner);
        told.uncertain().add(owner);
        UUID blob = usedBy(house, owner);
        await(house.references.detach(blob, House.by(owner)));
        told.uncertain().remove(owner);
        assertThat(content).isNotNull();
    }

    private static UUID usedBy(House house, String owner) {
        return await(house.pool
                        .query("SELECT blob_id FROM media_ref WHERE owner_id = '%s'".formatted(owner))
                        .execute())
                .iterator()
                .next()
                .getUUID(0);
    }

    private void check(House house, Told told, String name) {
        // each row has its bytes, and what was acknowledged is there
        assertWhole(house, name);
        told.uses().forEach((owner, content) -> assertUses(house, owner, content, name));

        // one sweep leaves nothing that nobody owns
        house.letIntentsExpire();
        await(house.sweeper().sweep(false));
        assertThat(await(house.sweeper().sweep(true))).as(name).isEqualTo(new SweepReport(0, 0, 0, 0, 0, false));
        assertThat(await(house.staging.list())).as(name).isEmpty();
        assertThat(stored(house)).as(name).hasSize(blobs(house).size());
        assertWhole(house, name);
        told.uses().forEach((owner, content) -> assertUses(house, owner, content, name));

        // and when nobody uses anything any more, nothing at all
        await(house.pool.query("DELETE FROM media_ref").execute());
        await(house.sweeper().sweep(false));
        assertThat(blobs(house)).as(name).isEmpty();
        assertThat(stored(house)).as(name).isEmpty();
    }

    private static void assertWhole(House house, String name) {
        for (Blob blob : blobs(house)) {
            assertThat(await(house.stores.of(blob.backend()).verify(blob.ref())))
                    .as("%s: %s", name, blob)
                    .isEqualTo(Integrity.INTACT);
        }
    }

    private static void assertUses(House house, String owner, byte[] content, String name) {
        UUID used = usedBy(house, owner);
        assertThat(blobs(house).stream().filter(blob -> blob.ref().id().equals(used)))
                .as("%s: %s", name, owner)
                .singleElement()
                .satisfies(blob -> assertThat(blob.ref().hash().bytes()).isEqualTo(sha256(content)));
    }

    private static byte[] sha256(byte[] content) {
        return Sha256.of(content).bytes();
    }

    private static List<Blob> blobs(House house) {
        return await(house.pool
                        .query("SELECT %s FROM blob".formatted(BlobColumns.NAMES))
                        .execute())
                .stream()
                .map(BlobColumns::toBlob)
                .toList();
    }

    private static List<StoredBlob> stored(House house) {
        return house.stores.backends().stream()
                .flatMap(backend ->
                        await(house.stores.of(backend).list().collect().asList()).stream())
                .toList();
    }
}
