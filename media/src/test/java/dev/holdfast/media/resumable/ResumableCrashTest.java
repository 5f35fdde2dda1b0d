package dev.holdfast.media.resumable;

import static dev.holdfast.media.blob.House.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.media.blob.House;
import dev.holdfast.media.resumable.ResumableResult.Kept;
import dev.holdfast.media.resumable.ResumableResult.NoSuch;
import dev.holdfast.media.resumable.ResumableResult.Open;
import dev.holdfast.media.store.CrashableDisk;
import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.Sha256;
import dev.holdfast.media.sweep.SweepReport;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.StatementCut;
import dev.holdfast.testkit.TestSchema;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power goes, the process dies or the database goes away at any operation of an upload. Afterwards it goes on with no less than the
 * client was told, and becomes the image that the client has.
 */
@ExtendWith(HoldfastExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResumableCrashTest {
    private static final int ROUNDS = 100;
    private static final int OPERATIONS = 60;
    private static final int STATEMENTS = 45;

    @TempDir
    Path root;

    private final byte[] picture = ResumableHouse.picture();
    private TestSchema schema;
    private StatementCut cut;

    /** What the client knows. */
    private static final class Client {
        private final String subject = UUID.randomUUID().toString();
        private UUID id = new UUID(0, 0);
        private long acknowledged;
        private boolean kept;
    }

    @BeforeAll
    void open() throws IOException {
        schema = TestSchema.create().migrate("db/platform", "db/migration");
        cut = new StatementCut(schema.port());
    }

    @AfterAll
    void close() throws IOException {
        cut.close();
    }

    @Test
    void goesOnWithNoLessThanTheClientWasTold() throws IOException {
        int broken = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            broken += round(new Random(seed), "round " + seed) ? 1 : 0;
        }
        assertThat(broken).as("rounds in which something failed").isGreaterThan(ROUNDS / 2);
    }

    private boolean round(Random random, String name) throws IOException {
        Path place = Files.createDirectory(root.resolve(name.replace(' ', '-')));
        Path base = place.resolve("media");
        var disk = new CrashableDisk(place, random.nextLong());
        var client = new Client();
        boolean isPowerCut = random.nextBoolean();
        boolean failed = false;
        Pool pool = schema.openPool(2, cut.port());
        try (var house = new House(pool, disk, base)) {
            var there = new ResumableHouse(house);
            client.id = there.begun(client.subject, picture.length);
            if (isPowerCut) {
                disk.cutPowerAt(random.nextInt(OPERATIONS));
            } else {
                cut.arm(
                        1 + random.nextInt(STATEMENTS),
                        random.nextBoolean() ? StatementCut.Side.BEFORE : StatementCut.Side.AFTER);
            }
            try {
                send(there, client, random, name);
            } catch (RuntimeException broken) {
                failed = true;
            }
            cut.disarm();
            if (isPowerCut || random.nextBoolean()) {
                disk.restart();
            } else {
                disk.restartAfterKill();
            }
        } finally {
            await(pool.close());
        }
        Pool again = schema.openPool(2);
        try (var house = new House(again, new Disk(), base)) {
            check(new ResumableHouse(house), client, random, name);
        } finally {
            await(again.close());
        }
        return failed;
    }

    /** Until all of it has come. */
    private void send(ResumableHouse there, Client client, Random random, String name) {
        while (!client.kept) {
            long from = client.acknowledged;
            long to = Math.min(picture.length, from + 1 + random.nextInt(60_000));
            switch (there.append(client.id, client.subject, picture, from, to)) {
                case Open(ResumableUpload _, long offset) -> client.acknowledged = offset;
                case Kept(ResumableUpload _, Sha256 image) -> {
                    assertThat(image).as(name).isEqualTo(Sha256.of(picture));
                    client.kept = true;
                }
                case ResumableResult other -> throw new AssertionError(name + ": " + other);
            }
        }
    }

    private void check(ResumableHouse there, Client client, Random random, String name) {
        switch (there.status(client.id, client.subject)) {
            case Open(ResumableUpload _, long offset) -> {
                assertThat(client.kept).as(name).isFalse();
                assertThat(offset).as(name).isGreaterThanOrEqualTo(client.acknowledged);
                client.acknowledged = offset;
                send(there, client, random, name);
            }
            case Kept(ResumableUpload _, Sha256 image) ->
                assertThat(image).as(name).isEqualTo(Sha256.of(picture));
            case ResumableResult other -> throw new AssertionError(name + ": " + other);
        }
        assertThat(there.status(client.id, client.subject)).as(name).isInstanceOf(Kept.class);
        there.house.letIntentsExpire();
        await(there.house.sweeper().sweep(false));
        assertThat(await(there.house.sweeper().sweep(true))).as(name).isEqualTo(new SweepReport(0, 0, 0, 0, 0, false));
        assertThat(await(there.house.staging.list())).as(name).isEmpty();
        assertThat(there.status(client.id, client.subject)).as(name).isEqualTo(new NoSuch());

        // so that the next round stores the same bytes
        await(there.house.pool.query("DELETE FROM media_ref").execute());
        await(there.house.sweeper().sweep(false));
    }
}
