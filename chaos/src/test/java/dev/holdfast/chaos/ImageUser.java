package dev.holdfast.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.local.tool.Token;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageIO;

/**
 * Uploads images, of its own and such as others upload too, lets go of them and looks at them. Asks the same until it is answered, as
 * the README tells clients to, so between two rounds it knows what it uses.
 */
final class ImageUser {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Pictures of noise of up to 270 KB; those of less than 8 KB lie in the database. */
    private static final List<Integer> SIDES = List.of(20, 30, 40, 60, 80, 300);
    /** So few that several users always have the same one. */
    private static final int COMMON = 5;

    private static final int LOOKS = 20;
    private static final Set<Integer> NOT_NOW = Set.of(503, 504);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final String token = new Token("chaos", List.of("operator")).signed(Instant.now());
    private final int number;
    private final int port;
    private final Random random;
    private final AtomicInteger answered;
    private final List<Use> uses = new ArrayList<>();
    private int owners;

    /** An image, and who uses it. */
    record Use(String hash, String owner) {}

    /** @param answered counts up with each answer that something is kept, or let go */
    ImageUser(int number, int port, AtomicInteger answered) {
        this.number = number;
        this.port = port;
        this.random = new Random(number);
        this.answered = answered;
    }

    /** What it was told that it uses. */
    List<Use> uses() {
        return uses;
    }

    void goOnUntil(BooleanSupplier ended) throws IOException, InterruptedException {
        while (!ended.getAsBoolean()) {
            int dice = uses.isEmpty() ? 0 : random.nextInt(100);
            if (dice < 30) {
                upload(random.nextLong());
            } else if (dice < 45) {
                upload(random.nextInt(COMMON));
            } else if (dice < 55) {
                attach(anyUse());
            } else if (dice < 85) {
                detach(anyUse());
            } else {
                look(anyUse());
            }
        }
    }

    /** Some of it, as it was uploaded. */
    void assertSeesWhatItUses() throws IOException, InterruptedException {
        var shuffled = new ArrayList<>(uses);
        Collections.shuffle(shuffled, random);
        for (Use use : shuffled.subList(0, Math.min(LOOKS, shuffled.size()))) {
            HttpResponse<byte[]> answer = send("GET", "/images/" + use.hash(), new byte[0]);
            assertThat(answer.statusCode()).as("original of %s", use).isEqualTo(200);
            assertThat(sha256(answer.body())).isEqualTo(use.hash());
        }
    }

    private Use anyUse() {
        return uses.get(random.nextInt(uses.size()));
    }

    private String nextOwner() {
        return "%d-%d".formatted(number, owners++);
    }

    private void upload(long seed) throws IOException, InterruptedException {
        byte[] picture = picture(seed);
        var use = new Use(sha256(picture), nextOwner());
        int status = untilAnswered("POST", "/images?ownerType=product&ownerId=%s".formatted(use.owner()), picture);
        assertThat(status).as("upload of %s", use).isIn(200, 201);
        uses.add(use);
        answered.incrementAndGet();
    }

    /** Somebody else's use of an image that is used, and so must be there. */
    private void attach(Use known) throws InterruptedException {
        var use = new Use(known.hash(), nextOwner());
        assertThat(untilAnswered("PUT", path(use), new byte[0]))
                .as("attaching to %s", known)
                .isIn(201, 204);
        uses.add(use);
        answered.incrementAndGet();
    }

    private void detach(Use use) throws InterruptedException {
        // 404 when it was done, and the answer did not come
        assertThat(untilAnswered("DELETE", path(use), new byte[0])).isIn(204, 404);
        uses.remove(use);
        answered.incrementAndGet();
    }

    private static String path(Use use) {
        return "/images/%s/references/product/%s/image".formatted(use.hash(), use.owner());
    }

    /** An original is what it is named after; of a variant only that it is one. */
    private void look(Use use) throws InterruptedException {
        boolean small = random.nextBoolean();
        String path = "/images/" + use.hash() + (small ? "/thumb.jpg" : "");
        try {
            HttpResponse<byte[]> answer = send("GET", path, new byte[0]);
            if (!NOT_NOW.contains(answer.statusCode())) {
                assertThat(answer.statusCode()).as("%s of %s", path, use).isEqualTo(200);
                assertThat(small ? use.hash() : sha256(answer.body())).isEqualTo(use.hash());
            }
        } catch (IOException unanswered) {
            // the next one will be
        }
    }

    private int untilAnswered(String method, String path, byte[] body) throws InterruptedException {
        while (true) {
            try {
                int status = send(method, path, body).statusCode();
                if (!NOT_NOW.contains(status)) {
                    return status;
                }
            } catch (IOException unanswered) {
                // nobody knows, so the same again
            }
            Thread.sleep(20);
        }
    }

    HttpResponse<byte[]> send(String method, String path, byte[] body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:%d%s".formatted(port, path)))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    /** The same for the same seed. */
    private static byte[] picture(long seed) throws IOException {
        var noise = new Random(seed);
        int side = SIDES.get(noise.nextInt(SIDES.size()));
        var image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < side * side; i++) {
            image.setRGB(i % side, i / side, noise.nextInt());
        }
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
