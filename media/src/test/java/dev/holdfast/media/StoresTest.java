package dev.holdfast.media;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import dev.holdfast.local.tool.Token;
import dev.holdfast.media.FaultyDisk.Fault;
import dev.holdfast.media.picture.SamplePictures;
import dev.holdfast.testkit.ServersForQuarkus;
import dev.holdfast.testkit.TestSchema;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Moves, scrubs, and a disk that fails, as operators and users have them. */
@QuarkusTest
@QuarkusTestResource(ServersForQuarkus.class)
class StoresTest {
    private final String ada = UUID.randomUUID().toString();

    @Inject
    FaultyDisk disk;

    @AfterEach
    void repair() {
        disk.failWith(Fault.NONE);
    }

    private static RequestSpecification as(String subject, String... roles) {
        return given().auth().oauth2(new Token(subject, List.of(roles)).signed(Instant.now()));
    }

    private static RequestSpecification asOperator() {
        return as("an operator", Roles.OPERATOR).contentType(ContentType.JSON);
    }

    private static byte[] png(int side) {
        BufferedImage image = SamplePictures.gradient(side, side);
        image.setRGB(0, 0, new Random().nextInt());
        return SamplePictures.png(image);
    }

    private ValidatableResponse upload(byte[] bytes) {
        return as(ada).queryParam("ownerType", "user")
                .queryParam("ownerId", ada)
                .contentType("application/octet-stream")
                .body(bytes)
                .post("/images")
                .then();
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 12})
    void anImageMovesWhileItIsRead(int side) {
        // Given one whose place is remembered
        byte[] png = png(side);
        String path = "/images/" + upload(png).statusCode(201).extract().path("sha256");
        given().get(path).then().statusCode(200);
        String to = side == 300 ? "postgres" : "files";

        // When
        asOperator()
                .post(path + "/moves?to=" + to)
                .then()
                .statusCode(200)
                .body("store", equalTo(to))
                .body("moved", equalTo(true));

        // Then
        assertThat(given().get(path).then().statusCode(200).extract().asByteArray())
                .isEqualTo(png);
        given().header("Range", "bytes=5-9").get(path).then().statusCode(206);
        upload(png).statusCode(200).body("store", equalTo(to));
        asOperator().post(path + "/moves?to=" + to).then().statusCode(200).body("moved", equalTo(false));

        // And back to where the policy puts it
        asOperator().post("/moves?dryRun=true").then().statusCode(200).body("found", greaterThanOrEqualTo(1));
        asOperator().post("/moves").then().statusCode(200).body("moved", greaterThanOrEqualTo(1));
        upload(png).statusCode(200).body("store", not(equalTo(to)));
        assertThat(given().get(path).then().statusCode(200).extract().asByteArray())
                .isEqualTo(png);
    }

    @Test
    void movesAreForOperatorsAndToStoresThatAreThere() {
        String path = "/images/" + upload(png(20)).statusCode(201).extract().path("sha256");
        as(ada).post(path + "/moves?to=files").then().statusCode(403);
        as(ada).post("/moves").then().statusCode(403);
        as(ada).post("/scrubs").then().statusCode(403);
        as(ada).get("/damages").then().statusCode(403);
        asOperator()
                .post(path + "/moves?to=s3")
                .then()
                .statusCode(400)
                .body("detail", containsString("files, postgres"));
        asOperator()
                .post("/images/" + "0".repeat(64) + "/moves?to=files")
                .then()
                .statusCode(404);
        asOperator().post("/moves?limit=0").then().statusCode(400);
    }

    @Test
    void damageIsFoundAndToldOf() {
        // Given
        String id = upload(png(12)).statusCode(201).extract().path("id");
        new TestSchema("media").executeAsAdmin("DELETE FROM media.blob_chunk WHERE blob_id = '%s'".formatted(id));

        // When
        asOperator().post("/scrubs?limit=10000").then().statusCode(200).body("missing", greaterThanOrEqualTo(1));

        // Then
        asOperator().get("/damages").then().statusCode(200).body("items.id", hasItem(id));
        given().get("/q/metrics").then().statusCode(200).body(containsString("holdfast_media_damages"));

        // When nobody uses it any more
        new TestSchema("media").executeAsAdmin("DELETE FROM media.media_ref WHERE owner_id = '%s'".formatted(ada));
        asOperator().post("/sweeps").then().statusCode(200);

        // Then
        asOperator().get("/damages").then().statusCode(200).body("items.id", not(hasItem(id)));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aDiskThatFailsIsSaidSo(Fault fault) {
        // Given
        byte[] png = png(300);
        disk.failWith(fault);

        // When
        ValidatableResponse answer = upload(png);

        // Then
        answer.statusCode(fault == Fault.FULL ? 507 : 503).contentType("application/problem+json");
        disk.failWith(Fault.NONE);
        asOperator().post("/sweeps").then().statusCode(200).body("failed", equalTo(List.of()));
        asOperator()
                .post("/sweeps?dryRun=true")
                .then()
                .body("staged", equalTo(0))
                .body("stored", equalTo(0));
        upload(png).statusCode(201);
    }
}
