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
import java.util.List;
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

    private static List<String> wrappedBy(Journal journal) {
        return await(journal.pool
                        .query("SELECT key_id, count(*) FROM user_key GROUP BY 1 ORDER BY 1")
                        .execute())
                .stream()
                .map(row -> row.getString(0) + " " + row.getLong(1))
                .toList();
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
        assertThat(wrappedBy(journal)).containsExactly("second 2");
        Instant later = Instant.now().plusSeconds(60);
        assertThat(journal.at(ada, later, later).address().map(EmailAddress::text))
                .contains("ada@example.org");
        journal.close();
    }

    @Test
    void aKeyThatSomebodyHasChangedKeepsNoOtherFromIt(TestSchema schema) {
        // Given
        var journal = new Journal(schema.migrate("db/platform", "db/migration"), 4);
        UUID first = journal.register("ada@example.org");
        journal.register("bob@example.org");
        schema.executeAsAdmin(
                "UPDATE user_key SET wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) WHERE user_id = '%s'"
                        .formatted(first));

        // When
        await(new KeyRotation(journal.pool, KeyRing.of(new Second(CONFIG.keys()))).run());

        // Then
        assertThat(wrappedBy(journal)).containsExactly("first 1", "second 1");
        journal.close();
    }
}
