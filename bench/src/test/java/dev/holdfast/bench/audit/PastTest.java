package dev.holdfast.bench.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PastTest {
    private final Past past = new Past();

    @Test
    void hasAsManyVersionsOfEachUserAsItSays() {
        assertThat(List.of(past.few(), past.many(), past.most()))
                .extracting(Past.Timeline::versions)
                .containsExactly(Past.FEW, Past.MANY, Past.MOST);
        assertThat(past.versions()).isEqualTo(Past.USERS * Past.FEW + Past.MANY + Past.MOST);
    }

    @Test
    void answersEveryMomentOfATimelineAndKeepsToItsOrder() {
        // Given
        Past.Timeline timeline = past.many();
        var random = new Random(1);
        List<Instant> moments = IntStream.range(0, 5_000)
                .mapToObj(i -> timeline.randomMoment(random))
                .sorted()
                .toList();

        // When
        List<Integer> versions = moments.stream()
                .map(timeline::addressAt)
                .map(address -> IntStream.rangeClosed(1, Past.MANY)
                        .filter(version ->
                                Addresses.of(timeline.user(), version).equals(address))
                        .findFirst()
                        .orElseThrow())
                .toList();

        // Then
        assertThat(versions).isSorted().contains(1).hasSizeGreaterThan(Past.MANY / 2);
    }

    @Test
    void isTheSameEachTime() {
        // Given
        Instant moment = past.most().randomMoment(new Random(2));

        // Then
        assertThat(new Past().most().addressAt(moment)).isEqualTo(past.most().addressAt(moment));
    }
}
