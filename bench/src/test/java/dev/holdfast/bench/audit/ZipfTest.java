package dev.holdfast.bench.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ZipfTest {
    @Test
    void picksTheMostFrequentTwiceAsOftenAsTheSecond() {
        // Given
        var zipf = new Zipf(1_000);
        var random = new Random(3);

        // When
        Map<Integer, Long> counts = Stream.generate(() -> zipf.pick(random))
                .limit(200_000)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        // Then
        List<Long> byFrequency =
                counts.values().stream().sorted(Comparator.reverseOrder()).toList();
        assertThat(counts.keySet()).allMatch(number -> number >= 1 && number <= 1_000);
        assertThat(byFrequency.getFirst()).isCloseTo(2 * byFrequency.get(1), Percentage.withPercentage(5));
        // 200,000 / (1 + 1/2 + ... + 1/1,000)
        assertThat(byFrequency.getFirst()).isCloseTo(26_700L, Percentage.withPercentage(5));
    }
}
