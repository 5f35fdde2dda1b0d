package dev.holdfast.product.feed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BreakerTest {
    private final Breaker breaker = new Breaker(100, 0.5);

    @Test
    void opensWhenMostOfTheLatestMessagesAreSetAside() {
        breaker.record(100, 51);

        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.describe()).isEqualTo("51 of the latest 100 messages could not be applied");
    }

    @Test
    void staysClosedAtTheShareThatIsAllowed() {
        breaker.record(100, 50);

        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void doesNotJudgeByAHandful() {
        breaker.record(99, 99);

        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void forgetsWhatIsLongPast() {
        breaker.record(100, 50);
        breaker.record(60, 0);
        breaker.record(60, 20);

        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.describe()).startsWith("20 of the latest 120");
    }

    @Test
    void beginsAnewAfterAReset() {
        breaker.record(100, 100);
        breaker.reset();
        breaker.record(99, 99);

        assertThat(breaker.isOpen()).isFalse();
    }
}
