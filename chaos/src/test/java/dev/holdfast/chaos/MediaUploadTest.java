package dev.holdfast.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.local.tool.Token;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MediaUploadTest {
    private static final String OWNER = "ada";
    private static final int SIDE = 1_500;

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anUploadGoesOnAfterTheServiceWasKilledInItsMidst() throws Exception {
        Path client = TusClient.install();
        Path picture = picture(client.resolve("noise.png"));
        try (var cluster = new Cluster("media")) {
            // Given
            cluster.startService();
            String service = "http://localhost:%d".formatted(cluster.service().port());
            String token = new Token(OWNER, List.of()).signed(Instant.now());
            try (TusClient upload = TusClient.start(
                    client,
                    service + "/uploads",
                    token,
                    OWNER,
                    picture.toAbsolutePath().toString())) {
                // When
                assertThat(upload.next()).isEqualTo("paused");
                cluster.service().kill();
                cluster.startService();
                upload.goOn();
                assertThat(upload.next()).isEqualTo("midway");
                cluster.service().kill();
                cluster.startService();

                // Then
                String end = upload.next();
                assertThat(end).startsWith("done ");
                URI image = URI.create(service).resolve(end.substring("done ".length()));
                assertThat(get(image)).isEqualTo(Files.readAllBytes(picture));
            }
            assertThat(cluster.count("SELECT count(*) FROM media.media_ref WHERE owner_id = '%s'".formatted(OWNER)))
                    .isOne();
            assertThat(cluster.count("SELECT count(*) FROM media.upload_intent"))
                    .isZero();
        }
    }

    private static byte[] get(URI image) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(image).build(), HttpResponse.BodyHandlers.ofByteArray())
                    .body();
        }
    }

    /** Of about 7 MB. */
    private static Path picture(Path file) throws IOException {
        var image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        var random = new Random(1);
        for (int i = 0; i < SIDE * SIDE; i++) {
            image.setRGB(i % SIDE, i / SIDE, random.nextInt());
        }
        ImageIO.write(image, "png", file.toFile());
        return file;
    }
}
