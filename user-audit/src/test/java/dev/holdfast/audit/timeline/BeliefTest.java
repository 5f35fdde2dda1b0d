package dev.holdfast.audit.timeline;

import static dev.holdfast.audit.AuditFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.audit.email.EmailAddress;
import dev.holdfast.audit.email.EmailChange;
import dev.holdfast.audit.email.EmailHistory.State;
import dev.holdfast.audit.email.EmailOp;
import dev.holdfast.audit.email.Journal;
import dev.holdfast.audit.email.Moments;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the page draws is what the database answers, at every corner. */
@ExtendWith(HoldfastExtension.class)
class BeliefTest {
    private static final int CASES = 15;
    private static final int EVENTS = 8;

    @Test
    void isWhatTheDatabaseAnswers() {
        try (var journal = new Journal(TestSchema.create().migrate("db/platform", "db/migration"), 4)) {
            for (int seed = 0; seed < CASES; seed++) {
                var random = new Random(seed);
                UUID user = journal.register("r@example.org");
                for (int version = 1; version < EVENTS; version++) {
                    journal.append(some(journal, user, version, random));
                }
                agrees(journal, user, seed);
            }
        }
    }

    private static EmailChange some(Journal journal, UUID user, long version, Random random) {
        String address = "a%d@example.org".formatted(version);
        return switch (random.nextInt(4)) {
            case 0 ->
                new EmailChange(
                        user, version, journal.ids.next(), EmailOp.VERIFIED, null, null, "somebody", null, "api");
            case 1, 2 -> journal.changed(user, version, address);
            default -> {
                List<Entry> entries = entries(journal, user);
                Instant valid =
                        entries.get(random.nextInt(entries.size())).validFrom().minusNanos(1_000L * random.nextInt(2));
                yield journal.change(user, version, EmailOp.CORRECTED, address, valid);
            }
        };
    }

    private static List<Entry> entries(Journal journal, UUID user) {
        return await(journal.history.history(
                        user, Moments.BEGINNING, Instant.now().plusSeconds(60), EVENTS, null))
                .stream()
                .map(Entry::of)
                .toList();
    }

    private static void agrees(Journal journal, UUID user, int seed) {
        List<Entry> entries = entries(journal, user);
        List<Instant> corners = entries.stream()
                .flatMap(entry -> Stream.of(entry.recordedAt(), entry.validFrom()))
                .flatMap(corner -> Stream.of(corner.minusNanos(1_000), corner, corner.plusNanos(1_000)))
                .distinct()
                .toList();
        for (Instant asOf : corners) {
            for (Instant validAt : corners) {
                State state = journal.at(user, asOf, validAt);
                Optional<Belief> belief = Belief.asOf(entries, asOf).stream()
                        .filter(one -> one.covers(validAt.isAfter(asOf) ? asOf : validAt))
                        .findFirst();
                assertThat(belief.flatMap(one -> one.entry().address()))
                        .as("seed %d: %s as of %s at %s", seed, entries, asOf, validAt)
                        .isEqualTo(state.address().map(EmailAddress::text));
                assertThat(belief.map(Belief::verified).orElse(false))
                        .as("seed %d: %s verified as of %s at %s", seed, entries, asOf, validAt)
                        .isEqualTo(state.verified());
            }
        }
    }
}
