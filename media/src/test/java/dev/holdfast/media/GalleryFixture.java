package dev.holdfast.media;

import static io.restassured.RestAssured.given;

import dev.holdfast.local.tool.Token;
import dev.holdfast.media.picture.SamplePictures;
import java.awt.image.BufferedImage;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Somebody with images, and whoever looks at them. */
final class GalleryFixture {
    static final String OPERATOR = token("an operator", Roles.OPERATOR);

    final String user = UUID.randomUUID().toString();
    final String token = token(user);

    static String token(String subject, String... roles) {
        return new Token(subject, List.of(roles)).signed(Instant.now());
    }

    /** One that nobody has uploaded yet. */
    static byte[] png(int width, int height) {
        BufferedImage image = SamplePictures.gradient(width, height);
        image.setRGB(0, 0, new Random().nextInt());
        return SamplePictures.png(image);
    }

    /** Its hash. */
    String keep(byte[] image, String role) {
        return given().auth()
                .oauth2(token)
                .queryParam("ownerType", "user")
                .queryParam("ownerId", user)
                .queryParam("role", role)
                .contentType("application/octet-stream")
                .body(image)
                .post("/images")
                .then()
                .extract()
                .path("sha256");
    }
}
