package dev.holdfast.audit.email;

import static dev.holdfast.audit.AuditFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A read of the past touches as few pages for a user with ten thousand versions as for one with ten. */
@ExtendWith(HoldfastExtension.class)
class EmailPlansTest {
    private static final int PAGES_MAX = 60;
    private static final UUID FEW = new UUID(0, 10);
    private static final UUID MANY = new UUID(0, 10_000);

    private static final String FILL = """
            INSERT INTO email_event (user_id, version, recorded_at, event_id, op, address, actor, source, hash)
            SELECT '%1$s', n, now() - %2$d * interval '1 minute' + n * interval '1 second', gen_random_uuid(),
                   CASE n WHEN 1 THEN 'r' ELSE 'c' END::"char", sha256(n::text::bytea) || sha256('x'), 'a', 'api', sha256(n::text::bytea)
              FROM generate_series(1, %2$d) AS n
            """;

    private static long pages(Journal journal, UUID user, int minutesAgo) {
        String plan = await(journal.pool
                        .query("""
                                EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF)
                                SELECT * FROM email_as_of('%s', now() - %d * interval '1 minute', now() - %d * interval '1 minute')
                                """.formatted(user, minutesAgo, minutesAgo))
                        .execute())
                .stream()
                .map(row -> row.getString(0))
                .collect(Collectors.joining("\n"));
        assertThat(plan).contains("Buffers");
        return plan.lines()
                .filter(line -> line.contains("Buffers: shared"))
                .findFirst()
                .map(line -> line.replaceAll(".*hit=(\\d+).*", "$1"))
                .map(Long::parseLong)
                .orElseThrow();
    }

    @Test
    void touchesFewPagesHoweverManyVersionsThereAre(TestSchema schema) {
        // Given
        var journal = new Journal(schema.migrate("db/platform", "db/migration"), 2);
        await(journal.pool.query(FILL.formatted(FEW, 10)).execute());
        await(journal.pool.query(FILL.formatted(MANY, 10_000)).execute());
        journal.schema.executeAsAdmin("ANALYZE");

        // When
        pages(journal, FEW, 5);
        pages(journal, MANY, 5_000);
        long few = pages(journal, FEW, 5);
        long many = pages(journal, MANY, 5_000);

        // Then
        assertThat(many).isLessThan(PAGES_MAX).isLessThanOrEqualTo(few + 12);
        journal.close();
    }
}
