package dev.holdfast.audit.retention;

import static dev.holdfast.audit.AuditFixture.CONFIG;
import static dev.holdfast.audit.AuditFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HoldfastExtension.class)
class RetentionTest {
    private TestSchema schema;
    private Pool pool;

    @BeforeEach
    void open(TestSchema fresh) {
        schema = fresh.migrate("db/platform", "db/migration");
        pool = schema.openPool(2);
    }

    @AfterEach
    void close() {
        pool.closeAndForget();
    }

    private List<String> texts(String sql) {
        return await(pool.query(sql).execute()).stream()
                .map(row -> row.getString(0))
                .toList();
    }

    @Test
    void whoReadIsKeptForTwoYears() {
        // Given
        schema.executeAsAdmin("""
                INSERT INTO email_read (read_at, user_id, reader, purpose, what)
                SELECT now() - days * interval '1 day', gen_random_uuid(), days::text, 'a test', 'state'
                  FROM unnest(ARRAY[0, 729, 731, 5000]) AS days""");

        // When
        await(new Retention(pool, CONFIG, Clock.systemUTC()).run());

        // Then
        assertThat(texts("SELECT reader FROM email_read ORDER BY read_at DESC")).containsExactly("0", "729");
    }

    @Test
    void ofOldCheckpointsTheLastOfEachThousandLeavesIsKept() {
        // Given
        schema.executeAsAdmin("""
                INSERT INTO checkpoint (size, root, note)
                SELECT size, sha256(size::text::bytea), 'note ' || size
                  FROM unnest(ARRAY[1, 900, 999, 1000, 1001, 2500, 3000, 900000, 1002000, 1002001]) AS size""");

        // When
        await(new Retention(pool, CONFIG, Clock.systemUTC()).run());

        // Then
        assertThat(texts("SELECT note FROM checkpoint ORDER BY size"))
                .containsExactly(
                        "note 999",
                        "note 1001",
                        "note 2500",
                        "note 3000",
                        "note 900000",
                        "note 1002000",
                        "note 1002001");
    }

    @Test
    void theServiceCannotLetGoOfWhatIsYoung() {
        assertThatThrownBy(() ->
                        await(RetentionStore.forgetReads(pool, Instant.now().minus(Duration.ofDays(29)), 1)))
                .hasMessageContaining("30 days at least");
        assertThatThrownBy(() -> await(RetentionStore.thinCheckpoints(pool, 9_999, 1)))
                .hasMessageContaining("10000 leaves");
        assertThatThrownBy(() -> await(pool.query("DELETE FROM email_read").execute()))
                .hasMessageContaining("42501");
        assertThatThrownBy(() -> await(pool.query("DELETE FROM checkpoint").execute()))
                .hasMessageContaining("42501");
    }
}
