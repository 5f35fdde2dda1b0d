package dev.holdfast.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(HoldfastExtension.class)
class MigrationsTest {
    private static final String PLATFORM = "db/platform";
    private static final String SERVICE = "db/migration";

    @Test
    void goUpDownAndUpAgainToTheSameCatalogue(TestSchema schema) {
        // Given
        List<String> before = schema.catalogue();
        List<String> migrated = schema.migrate(PLATFORM, SERVICE).catalogue();

        // When
        schema.undo(
                SERVICE + "/U9__references_are_renewed.sql",
                SERVICE + "/U8__comparison.sql",
                SERVICE + "/U6__copies_and_damages.sql",
                SERVICE + "/U5__erased_owners.sql",
                SERVICE + "/U4__resumable_uploads.sql",
                SERVICE + "/U2__blobs.sql",
                SERVICE + "/U1__blob_chunks.sql",
                PLATFORM + "/U0_2__outbox_sent.sql",
                PLATFORM + "/U0_1__outbox_inbox_lease.sql");

        // Then
        assertThat(schema.catalogue()).isEqualTo(before);
        assertThat(schema.migrate(PLATFORM, SERVICE).catalogue())
                .isEqualTo(migrated)
                .hasSizeGreaterThan(40);
    }

    @Test
    void nobodyUndoesThemOverImages(TestSchema schema) {
        // Given
        schema.migrate(PLATFORM, SERVICE).execute("INSERT INTO blob_chunk VALUES (gen_random_uuid(), 0, '')");

        // When / Then
        assertThatThrownBy(() -> schema.undo(SERVICE + "/U1__blob_chunks.sql"))
                .hasMessageContaining("images would be lost");
        schema.execute("INSERT INTO blob VALUES (gen_random_uuid(), sha256('a'), 1, 'image/png', 1, 1, 'files')");
        assertThatThrownBy(() -> schema.undo(SERVICE + "/U2__blobs.sql")).hasMessageContaining("images would be lost");
        schema.execute("UPDATE blob SET copy_id = gen_random_uuid()");
        assertThatThrownBy(() -> schema.undo(SERVICE + "/U6__copies_and_damages.sql"))
                .hasMessageContaining("images would be lost");
    }

    @Test
    void nobodyUndoesThemOverWhoHasBeenErased(TestSchema schema) {
        // Given
        schema.migrate(PLATFORM, SERVICE).execute("INSERT INTO erased_owner VALUES ('user', 'ada')");

        // When / Then
        assertThatThrownBy(() -> schema.undo(SERVICE + "/U5__erased_owners.sql"))
                .hasMessageContaining("would be forgotten");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE blob_chunk SET bytes = ''",
                "TRUNCATE blob_chunk",
                "UPDATE blob SET sha256 = ''",
                "UPDATE media_ref SET role = ''",
                "UPDATE resumable_upload SET subject = ''",
                "DELETE FROM erased_owner",
                "UPDATE damage SET first_seen_at = now()",
                "DELETE FROM scrub_position",
                "UPDATE outbox SET payload = ''",
                "DROP TABLE blob_chunk",
                "CREATE TABLE mine ()"
            })
    void theRunningServiceMayDoNoMoreThanItMust(String statement, TestSchema schema) {
        // Given
        Pool pool = schema.migrate(PLATFORM, SERVICE).openPool(1);

        // When / Then
        assertThatThrownBy(() -> pool.query(statement).execute().await().atMost(Duration.ofSeconds(10)))
                .hasMessageContaining("42501");
        pool.closeAndForget();
    }
}
