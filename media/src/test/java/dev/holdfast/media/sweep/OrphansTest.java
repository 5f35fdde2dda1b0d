package dev.holdfast.media.sweep;

import static dev.holdfast.media.blob.House.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.media.Batches;
import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.blob.House;
import dev.holdfast.media.blob.PublishResult;
import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.StagedFile;
import dev.holdfast.media.sweep.OrphanRepresentation.Why;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.vertx.mutiny.sqlclient.Pool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(HoldfastExtension.class)
class OrphansTest {
    private static Blob published(House house) {
        return ((PublishResult.Stored) house.publish(content(), "ada")).blob();
    }

    private static byte[] content() {
        byte[] content = new byte[2 * House.LARGE];
        new Random().nextBytes(content);
        return content;
    }

    private static StagedFile withoutIntent(House house) {
        StagedFile staged = house.stage(content());
        await(house.pool
                .query("DELETE FROM upload_intent WHERE id = '%s'".formatted(staged.id()))
                .execute());
        return staged;
    }

    private static void detach(House house, Blob blob) {
        await(house.references.detach(blob.ref().id(), House.by("ada")));
    }

    @Test
    void pageByPageEachOrphanIsShownOnceAndNothingElse(TestSchema schema, @TempDir Path directory) {
        Pool pool = schema.migrate("db/platform", "db/migration").openPool(4);
        try (var house = new House(pool, new Disk(), directory)) {
            // Given
            Instant begin = Instant.now().minusMillis(1);
            published(house);
            house.stage(content());
            var unused = new ArrayList<Blob>();
            for (int i = 0; i < 3; i++) {
                unused.add(published(house));
            }
            unused.forEach(blob -> detach(house, blob));
            Blob condemned = published(house);
            detach(house, condemned);
            await(pool.query("UPDATE blob SET state = 'c' WHERE id = '%s'"
                            .formatted(condemned.ref().id()))
                    .execute());
            StagedFile unannounced = withoutIntent(house);
            StagedFile stored = house.storeForNobody(content());

            // When
            List<OrphanRepresentation> shown = walk(new Orphans(pool, house.staging, house.stores), 2);

            // Then
            var expected = new ArrayList<UUID>();
            unused.forEach(blob -> expected.add(blob.ref().id()));
            expected.addAll(List.of(condemned.ref().id(), unannounced.id(), stored.id()));
            assertThat(shown).extracting(OrphanRepresentation::id).containsExactlyElementsOf(expected);
            assertThat(shown)
                    .extracting(OrphanRepresentation::why)
                    .containsExactly(
                            Why.UNUSED, Why.UNUSED, Why.UNUSED, Why.CONDEMNED, Why.UNANNOUNCED, Why.WITHOUT_IMAGE);
            assertThat(shown)
                    .extracting(OrphanRepresentation::since)
                    .allSatisfy(since ->
                            assertThat(since).isBetween(begin, Instant.now().plus(Duration.ofSeconds(1))));
            assertThat(shown.getLast())
                    .extracting(OrphanRepresentation::sha256, OrphanRepresentation::size, OrphanRepresentation::store)
                    .containsExactly(stored.sha256().hex(), stored.size(), "files");
        } finally {
            pool.closeAndForget();
        }
    }

    private static List<OrphanRepresentation> walk(Orphans orphans, int limit) {
        var shown = new ArrayList<OrphanRepresentation>();
        Why why = Why.UNUSED;
        UUID after = Batches.FIRST;
        while (true) {
            OrphanPage page = OrphanPage.of(null, await(orphans.page(why, after, limit + 1, Why.WITHOUT_IMAGE)), limit);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            shown.addAll(page.items());
            if (page.nextCursor() == null) {
                return shown;
            }
            why = page.items().getLast().why();
            after = page.items().getLast().id();
        }
    }
}
