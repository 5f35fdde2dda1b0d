package dev.holdfast.local.media;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import javax.imageio.ImageIO;

/** Clients that upload images of their own, one after another, and remember which ones they were told are kept. */
final class Load implements AutoCloseable {
    /** One that the service said is kept. */
    record Acknowledged(String sha256, Instant at) {}

    /** Pixels of noise: about 5 KB, which the service keeps in the database. */
    static final int SMALL_SIDE = 40;

    /** About 120 KB, which becomes a file. */
    private static final int LARGE_SIDE = 200;

    private static final int AT_ONCE = 6;

    private final ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);
    private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicLong refused = new AtomicLong();
    private final MediaClient media;
    private volatile boolean isOver;

    Load(MediaClient media) {
        this.media = media;
        for (int client = 0; client < AT_ONCE; client++) {
            clients.execute(this::uploadUntilOver);
        }
    }

    Queue<Acknowledged> acknowledged() {
        return acknowledged;
    }

    /** How many were not kept, for whatever reason. */
    long refused() {
        return refused.get();
    }

    private void uploadUntilOver() {
        var random = new Random();
        while (!isOver) {
            try {
                byte[] image = noise(random.nextBoolean() ? SMALL_SIDE : LARGE_SIDE, random);
                String hash = Durable.hash(image);
                media.upload("product", hash, image); // an owner has a quota, and each has its own here
                acknowledged.add(new Acknowledged(hash, Instant.now()));
            } catch (IOException | BackupException unreachableOrRefused) {
                refused.incrementAndGet();
            }
        }
    }

    static byte[] noise(int side, Random random) throws IOException {
        var image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        var png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        return png.toByteArray();
    }

    /** Returns when the last client has its answer. */
    @Override
    public void close() {
        isOver = true;
        clients.close();
    }
}
