package dev.holdfast.product.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchSizerTest {
    private final BatchSizer sizer = new BatchSizer(50, 1000, Duration.ofMillis(20), Duration.ofMillis(50));

    @Test
    void shrinksInProportionToHowMuchTooSlowItIs() {
        sizer.record(1000, Duration.ofMillis(100));

        assertThat(sizer.size()).isEqualTo(500);
    }

    @Test
    void neverShrinksBelowTheMinimum() {
        sizer.record(1000, Duration.ofMinutes(1));

        assertThat(sizer.size()).isEqualTo(50);
    }

    @Test
    void growsByAQuarterWhileFullBatchesAreQuick() {
        sizer.record(1000, Duration.ofMillis(100));
        sizer.record(500, Duration.ofMillis(10));

        assertThat(sizer.size()).isEqualTo(625);
    }

    @Test
    void neverGrowsBeyondTheMaximum() {
        sizer.record(1000, Duration.ofMillis(1));

        assertThat(sizer.size()).isEqualTo(1000);
    }

    @Test
    void staysWhereItIsWhenTheTimeIsRight() {
        sizer.record(1000, Duration.ofMillis(100));
        sizer.record(500, Duration.ofMillis(35));

        assertThat(sizer.size()).isEqualTo(500);
    }

    @Test
    void aBatchThatWasNotFullSaysNothingAboutAFullOne() {
        sizer.record(1000, Duration.ofMillis(100));
        sizer.record(3, Duration.ofMillis(2));

        assertThat(sizer.size()).isEqualTo(500);
    }

    @Test
    void aSmallBatchThatWasSlowDoesNotGrow() {
        sizer.record(1000, Duration.ofMillis(500));
        sizer.record(60, Duration.ofMillis(51));

        assertThat(sizer.size()).isLessThanOrEqualTo(100);
    }
}
