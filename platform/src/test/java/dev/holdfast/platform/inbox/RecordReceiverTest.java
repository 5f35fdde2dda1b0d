package dev.holdfast.platform.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RecordReceiverTest {
    private static final ConsumerRecord<byte[], byte[]> MESSAGE =
            new ConsumerRecord<>("things", 3, 41, new byte[0], new byte[0]);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RecordReceiver receiver = new RecordReceiver(new ShortPauses(), meters);
    private final AtomicInteger attempts = new AtomicInteger();

    private record ShortPauses() implements ReceiverConfig {
        @Override
        public Duration retryDelayMin() {
            return Duration.ofMillis(1);
        }

        @Override
        public Duration retryDelayMax() {
            return Duration.ofMillis(2);
        }
    }

    /** An effect that fails so often before it works. */
    private Uni<Void> failing(int times, Throwable failure) {
        return Uni.createFrom()
                .deferred(() -> attempts.incrementAndGet() <= times
                        ? Uni.createFrom().failure(failure)
                        : Uni.createFrom().voidItem());
    }

    private void receive(Uni<Void> effect) {
        receiver.receive(MESSAGE, effect).await().atMost(Duration.ofSeconds(10));
    }

    @Test
    void triesAgainForAsLongAsTheSurroundingsFail() {
        // When
        receive(failing(20, new IOException("no connection")));

        // Then
        assertThat(attempts).hasValue(21);
        assertThat(meters.counter("holdfast.records.retries", "topic", "things").count())
                .isEqualTo(20);
    }

    @Test
    void aDefectOfOursLosesNothingEither() {
        // When
        receive(failing(2, new IllegalStateException("a defect")));

        // Then
        assertThat(attempts).hasValue(3);
    }

    @Test
    void whatCannotBeUsedIsSetAsideAtOnceAndCounted() {
        // When / Then
        assertThatThrownBy(() -> receive(failing(99, new UnusableRecordException("too_odd", "Be less odd."))))
                .isInstanceOf(UnusableRecordException.class)
                .hasMessage("too_odd: Be less odd.");
        assertThat(attempts).hasValue(1);
        assertThat(meters.counter("holdfast.records.set.aside", "topic", "things", "reason", "too_odd")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void whatTheDatabaseWillNeverTakeIsSetAsideWithTheRule() {
        // Given
        var refused = refusedBy("amount_not_negative");

        // When / Then
        assertThatThrownBy(() -> receive(failing(99, refused)))
                .isInstanceOf(UnusableRecordException.class)
                .hasMessage("refused_by_database: The database refuses it by the rule 'amount_not_negative'.");
        assertThat(attempts).hasValue(1);
    }

    private static PgException refusedBy(String constraint) {
        return new PgException(
                "violates", "ERROR", "23514", "", "", "", "", "", "", "", "", "", "", "", "", "", constraint);
    }
}
