package dev.holdfast.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MedianTest {
    @Test
    void isTheValueInTheMiddleWhateverTheOrder() {
        assertThat(Median.of(List.of(9.0, 1.0, 1000.0))).isEqualTo(9);
    }

    @Test
    void isTheMeanOfTheTwoInTheMiddleOfAnEvenNumber() {
        assertThat(Median.of(List.of(4.0, 1.0, 2.0, 1000.0))).isEqualTo(3);
    }

    @Test
    void refusesToMakeOneUp() {
        assertThatThrownBy(() -> Median.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
