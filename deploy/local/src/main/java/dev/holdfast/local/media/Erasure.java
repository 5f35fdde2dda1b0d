package dev.holdfast.local.media;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A user with one image, who is erased after the backup: the image must not come back with it. */
final class Erasure {
    private static final String TOPIC = "user.events";
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);
    private static final long POLL_MS = 200;

    private final MediaClient media;
    private final String user = UUID.randomUUID().toString();
    private final byte[] image;

    /** The image is uploaded. */
    Erasure(MediaClient media) throws IOException {
        this.media = media;
        this.image = Load.noise(Load.SMALL_SIDE, new Random());
        media.upload("user", user, image);
    }

    /** Says so as user-audit does. True when the image is gone soon. */
    boolean take(String bootstrapServers) throws IOException, ExecutionException, InterruptedException {
        var event = new ProducerRecord<>(TOPIC, user, "{}".getBytes(StandardCharsets.UTF_8));
        Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", UUID.randomUUID().toString(),
                        "ce_source", "/drill",
                        "ce_type", "user.erased",
                        "ce_subject", user,
                        "ce_time", Instant.now().toString(),
                        "content-type", "application/json")
                .forEach((name, value) -> event.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(event).get();
        }
        return isDone();
    }

    /** Whether the image is gone, now or soon. */
    boolean isDone() throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(WAIT_MAX);
        do {
            media.sweep();
            if (!media.has(Durable.hash(image))) {
                return true;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        } while (Instant.now().isBefore(deadline));
        return false;
    }
}
