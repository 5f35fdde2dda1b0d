package dev.holdfast.media.owner;

import static dev.holdfast.media.blob.House.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.blob.House;
import dev.holdfast.media.blob.PublishResult;
import dev.holdfast.media.blob.Reference;
import dev.holdfast.media.store.Disk;
import dev.holdfast.platform.inbox.UnusableRecordException;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.mutiny.sqlclient.Pool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(HoldfastExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeparturesTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Pool pool;
    private House house;
    private Departures departures;
    private Blob blob;

    @BeforeAll
    void open(@TempDir Path directory) {
        pool = TestSchema.create().migrate("db/platform", "db/migration").openPool(4);
        house = new House(pool, new Disk(), directory.resolve("media"));
        departures = new Departures(house.transactions, new DepartureMetrics(meters));
        blob = ((PublishResult.Stored) house.publish(new byte[10], "somebody")).blob();
    }

    @AfterAll
    void close() {
        house.close();
        pool.closeAndForget();
    }

    private void attach(String ownerType, String id, String role) {
        await(house.references.attach(blob.ref().hash(), new Reference(ownerType, id, role)));
    }

    private long references(String id) {
        return await(pool.query("SELECT count(*) FROM media_ref WHERE owner_id = '%s'".formatted(id))
                        .execute())
                .iterator()
                .next()
                .getLong(0);
    }

    private double counted(String name, String event) {
        return meters.get(name).tag("event", event).counter().count();
    }

    private static OwnerEvent about(String owner) {
        return new OwnerEvent(UUID.randomUUID(), owner);
    }

    /** A moment that what is attached now is before. */
    private static Instant later() {
        return Instant.now().plus(Duration.ofHours(1));
    }

    @Test
    void aUserGoesOnceAndTakesNothingOfOthers() {
        // Given
        String product = UUID.randomUUID().toString();
        String user = product;
        attach(Reference.USER, user, "portrait");
        attach(Reference.USER, user, "cover");
        attach(Reference.PRODUCT, product, "cover");
        OwnerEvent erased = about(user);

        // When
        await(departures.userErased(erased));
        await(departures.userErased(erased));

        // Then
        assertThat(references(user)).isEqualTo(1);
        assertThat(counted("holdfast.media.owners.gone", Departures.USER_ERASED))
                .isEqualTo(1);
        assertThat(counted("holdfast.media.references.dropped", Departures.USER_ERASED))
                .isEqualTo(2);
    }

    @Test
    void anEventThatComesAgainTakesNothingThatCameMeanwhile() {
        // Given
        String product = UUID.randomUUID().toString();
        OwnerEvent archived = about(product);
        Instant at = later();
        attach(Reference.PRODUCT, product, "cover");
        await(departures.productArchived(archived, at));
        assertThat(references(product)).isZero();

        // When
        attach(Reference.PRODUCT, product, "cover");
        await(departures.productArchived(archived, at));

        // Then
        assertThat(references(product)).isEqualTo(1);
    }

    @Test
    void aLateEventLeavesWhatAProductThatIsBackWasGiven() {
        // Given
        String product = UUID.randomUUID().toString();
        attach(Reference.PRODUCT, product, "old");
        attach(Reference.PRODUCT, product, "again");
        Instant archivedAt = await(pool.query("SELECT clock_timestamp() AS now").execute())
                .iterator()
                .next()
                .getOffsetDateTime("now")
                .toInstant();
        attach(Reference.PRODUCT, product, "new");
        attach(Reference.PRODUCT, product, "again");

        // When
        await(departures.productArchived(about(product), archivedAt));

        // Then
        assertThat(await(pool.query("SELECT role FROM media_ref WHERE owner_id = '%s'".formatted(product))
                        .execute()))
                .extracting(row -> row.getString("role"))
                .containsExactlyInAnyOrder("new", "again");
    }

    // ---- what is read of a record

    private static ConsumerRecord<byte[], byte[]> message(Map<String, String> headers) {
        var message = new ConsumerRecord<>("user.events", 0, 0, new byte[0], new byte[0]);
        headers.forEach((name, text) -> message.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        return message;
    }

    @Test
    void eventsOfOtherTypesAreLeftAlone() {
        assertThat(OwnerEvent.of(message(Map.of("ce_type", "user.registered")), "user.erased"))
                .isEmpty();
    }

    @Test
    void whatCannotBeUsedSaysWhatIsMissing() {
        assertThatThrownBy(() -> OwnerEvent.of(message(Map.of()), "user.erased"))
                .isInstanceOf(UnusableRecordException.class)
                .hasMessageContaining("ce_type");
        assertThatThrownBy(() -> OwnerEvent.of(message(Map.of("ce_type", "user.erased", "ce_id", "1")), "user.erased"))
                .isInstanceOf(UnusableRecordException.class)
                .hasMessageContaining("ce_subject");
    }
}
