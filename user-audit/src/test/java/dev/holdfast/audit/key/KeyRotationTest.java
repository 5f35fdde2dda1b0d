package dev.holdfast.audit.key;

import static dev.holdfast.audit.AuditFixture.CONFIG;
import static dev.holdfast.audit.AuditFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.audit.AuditConfig;
import dev.holdfast.audit.email.EmailAddress;
import dev.holdfast.audit.email.Journal;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HoldfastExtension.class)
class KeyRotationTest {
    private record Second(AuditConfig.Keys before) implements AuditConfig.Keys {
        @Override
        public String current() {
            return "second";
        }

        @Override
        public Map<String, String> wrapping() {
            return before.wrapping();
        }

        @Override
        public String lookup() {
            return before.lookup();
        }
    }

    @Test
    void wrapsAllKeysAnewAndEveryAddressIsReadAsBefore(TestSchema schema) {
        // Given
        var journal = new Journal(schema.migrate("db/platform", "db/migration"), 4);
        UUID ada = journal.register("ada@example.org");
        journal.register("bob@example.org");

        // When
        await(new KeyRotation(journal.pool, KeyRing.of(new Second(CONFIG.keys()))).run());

        // Then
        assertThat(await(journal.pool
                                .query("SELECT key_id, count(*) FROM user_key GROUP BY 1")
                                .execute())
                        .stream()
                        .map(row -> row.getString(0) + " " + row.getLong(1)))
                .containsExactly("second 2");
        Instant later = Instant.now().plusSeconds(60);
        assertThat(journal.at(ada, later, later).address().map(EmailAddress::text))
                .contains("ada@example.org");
        journal.close();
    }
}
