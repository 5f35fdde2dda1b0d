package dev.holdfast.audit.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A thousand random histories, each compared with a list in memory at each corner of both times, and a microsecond beside it. */
@ExtendWith(HoldfastExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BitemporalTest {
    private static final int CASES = 1_000;
    private static final int CHANGES_MAX = 6;
    private static final int CORNERS_MAX = 12;
    private static final Duration MICRO = Duration.ofNanos(1_000);

    private Journal journal;

    @BeforeAll
    void open() {
        journal = new Journal(TestSchema.create().migrate("db/platform", "db/migration"), 4);
    }

    @AfterAll
    void close() {
        journal.close();
    }

    private record Belief(long version, Instant recorded, Instant valid, String address) {}

    /** The rule as it is written down. */
    private static String naive(List<Belief> beliefs, Instant recorded, Instant valid) {
        return beliefs.stream()
                .filter(one -> !one.recorded().isAfter(recorded) && !one.valid().isAfter(valid))
                .max(Comparator.comparing(Belief::valid).thenComparingLong(Belief::version))
                .map(Belief::address)
                .orElse("none");
    }

    @Test
    void isWhatAListInMemoryIs() {
        for (int seed = 0; seed < CASES; seed++) {
            var random = new Random(seed);
            UUID user = journal.register("r@example.org");
            List<Belief> beliefs = new ArrayList<>();
            Instant registered =
                    journal.at(user, farAway(), farAway()).event().orElseThrow().recordedAt();
            beliefs.add(new Belief(1, registered, registered, "r@example.org"));

            // Given
            int changes = 1 + random.nextInt(CHANGES_MAX);
            for (int i = 1; i <= changes; i++) {
                String address = "a%d@example.org".formatted(i);
                Instant valid = someTime(random, beliefs);
                var result = (AppendResult.Appended) journal.append(
                        journal.change(user, i, valid == null ? EmailOp.CHANGED : EmailOp.CORRECTED, address, valid));
                beliefs.add(new Belief(
                        result.version(), result.recordedAt(), valid == null ? result.recordedAt() : valid, address));
            }

            // When / Then
            List<Instant> corners = corners(random, beliefs);
            for (Instant recorded : corners) {
                Instant valid = corners.get(random.nextInt(corners.size()));
                assertThat(journal.at(user, recorded, valid)
                                .address()
                                .map(EmailAddress::text)
                                .orElse("none"))
                        .as("seed %d: %s as of %s at %s", seed, beliefs, recorded, valid)
                        .isEqualTo(naive(beliefs, recorded, valid));
            }
        }
    }

    private static Instant farAway() {
        return Instant.now().plusSeconds(60);
    }

    /** Often none; else a time that is there already, or one before or between. */
    private static Instant someTime(Random random, List<Belief> beliefs) {
        Belief some = beliefs.get(random.nextInt(beliefs.size()));
        return switch (random.nextInt(5)) {
            case 0 -> some.valid();
            case 1 -> some.valid().minus(MICRO.multipliedBy(1 + random.nextInt(3)));
            case 2 -> some.recorded().minusSeconds(random.nextInt(1_000_000));
            default -> null;
        };
    }

    private static List<Instant> corners(Random random, List<Belief> beliefs) {
        Set<Instant> all = new LinkedHashSet<>();
        for (Belief belief : beliefs) {
            for (Instant corner : List.of(belief.recorded(), belief.valid())) {
                all.addAll(List.of(corner.minus(MICRO), corner, corner.plus(MICRO)));
            }
        }
        List<Instant> some = new ArrayList<>(all);
        Collections.shuffle(some, random);
        return some.subList(0, Math.min(CORNERS_MAX, some.size()));
    }
}
