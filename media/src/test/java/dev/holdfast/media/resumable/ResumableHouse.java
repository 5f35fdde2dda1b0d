package dev.holdfast.media.resumable;

import static dev.holdfast.media.blob.House.await;

import dev.holdfast.media.blob.House;
import dev.holdfast.media.image.Uploads;
import dev.holdfast.media.picture.PictureInspector;
import dev.holdfast.media.picture.PictureLimits;
import dev.holdfast.media.picture.SamplePictures;
import dev.holdfast.media.resumable.ResumableResult.Open;
import io.smallrye.mutiny.Multi;
import io.vertx.core.buffer.Buffer;
import java.awt.image.BufferedImage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** Resumable uploads without HTTP, on a real database and a directory. */
final class ResumableHouse {
    static final int PER_CALLER_MAX = 3;
    static final int CHECKPOINT_EVERY = 20_000;
    static final Duration GIVES_WAY_AFTER = Duration.ofSeconds(1);
    private static final int BUFFER = 8_192;

    final House house;
    final ResumableUploads uploads;
    private Duration later = Duration.ZERO;

    ResumableHouse(House house) {
        this.house = house;
        InstantSource instants = () -> Instant.now().plus(later);
        Clock clock = instants.withZone(ZoneOffset.UTC);
        this.uploads = new ResumableUploads(
                house.pool,
                house.transactions,
                house.publisher,
                new Uploads(
                        house.publisher,
                        new PictureInspector(PictureLimits.DEFAULT),
                        house.work,
                        PictureLimits.DEFAULT.bytes()),
                new Turns(clock, GIVES_WAY_AFTER),
                clock,
                new ResumableLimits(
                        House.INTENT_LASTS,
                        House.INTENT_LASTS.multipliedBy(3),
                        PER_CALLER_MAX,
                        CHECKPOINT_EVERY,
                        Duration.ofSeconds(20)));
    }

    void waitFor(Duration time) {
        later = later.plus(time);
    }

    /** Of about 120,000 bytes, which nobody has. */
    static byte[] picture() {
        var image = new BufferedImage(200, 200, BufferedImage.TYPE_INT_RGB);
        var random = new Random();
        for (int i = 0; i < 200 * 200; i++) {
            image.setRGB(i % 200, i / 200, random.nextInt());
        }
        return SamplePictures.png(image);
    }

    static Multi<Buffer> bytes(byte[] all, long from, long to) {
        return Multi.createFrom()
                .items(Multi.createFrom()
                        .range(0, (int) ((to - from + BUFFER - 1) / BUFFER))
                        .map(i -> Buffer.buffer(Arrays.copyOfRange(
                                all, (int) from + i * BUFFER, (int) Math.min(to, from + (i + 1L) * BUFFER))))
                        .collect()
                        .asList()
                        .await()
                        .indefinitely()
                        .stream());
    }

    UUID begun(String subject, long length) {
        return ((Open) begin(subject, length)).upload().id();
    }

    ResumableResult begin(String subject, long length) {
        return await(uploads.begin(subject, House.by(subject), length, ""));
    }

    ResumableResult append(UUID id, String subject, byte[] all, long from, long to) {
        return await(uploads.append(id, subject, from, chunk(bytes(all, from, to))));
    }

    static Chunk chunk(Multi<Buffer> bytes) {
        return new Chunk(bytes, 0, Optional.empty());
    }

    ResumableResult status(UUID id, String subject) {
        return await(uploads.status(id, subject));
    }
}
