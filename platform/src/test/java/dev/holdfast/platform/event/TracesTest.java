package dev.holdfast.platform.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import org.junit.jupiter.api.Test;

class TracesTest {
    private static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @Test
    void theCurrentSpanTravelsAndComesBack() {
        // Given
        SpanContext span = SpanContext.create(
                "0af7651916cd43dd8448eb211c80319c",
                "b7ad6b7169203331",
                TraceFlags.getSampled(),
                TraceState.getDefault());

        // When
        String travelling;
        try (var scope = Span.wrap(span).makeCurrent()) {
            assertThat(scope).isNotNull();
            travelling = Traces.current();
        }

        // Then
        assertThat(travelling).isEqualTo(TRACEPARENT);
        assertThat(Traces.parse(travelling)).hasValueSatisfying(parsed -> {
            assertThat(parsed.getTraceId()).isEqualTo(span.getTraceId());
            assertThat(parsed.getSpanId()).isEqualTo(span.getSpanId());
        });
    }

    @Test
    void nobodyTracesAndNothingTravels() {
        assertThat(Traces.current()).isNull();
        assertThat(Traces.parse(null)).isEmpty();
        assertThat(Traces.parse("not a traceparent")).isEmpty();
    }
}
