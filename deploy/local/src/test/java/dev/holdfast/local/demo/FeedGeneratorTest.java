package dev.holdfast.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FeedGeneratorTest {
    private static final FeedSettings SETTINGS =
            new FeedSettings("X", List.of("acme", "globex"), 1_000, 4_000, 0.2, 0.2, 12, 7);

    @Test
    void makesTheSameFeedForTheSameSeed() {
        assertThat(new FeedGenerator(SETTINGS).generate()).isEqualTo(new FeedGenerator(SETTINGS).generate());
    }

    @Test
    void bringsDuplicatesLatecomersAndBrokenMessagesInTheirShares() {
        // When
        List<FeedRecord> feed = new FeedGenerator(SETTINGS).generate();

        // Then
        Set<FeedRecord> seen = new HashSet<>();
        Map<String, Long> newest = new HashMap<>();
        int duplicates = 0;
        int late = 0;
        for (FeedRecord message : feed) {
            if (!seen.add(message)) {
                duplicates++;
            } else if (newest.getOrDefault(message.key(), 0L) > message.version()) {
                late++;
            }
            newest.merge(message.key(), message.version(), Math::max);
        }
        assertThat(feed).filteredOn(FeedRecord::isBroken).hasSize(12);
        assertThat(duplicates).isBetween(800, 1_200);
        assertThat(late).as("stale on arrival").isBetween(50, 1_000);
        assertThat(FeedGenerator.highestVersions(feed)).hasSize(1_000);
    }
}
