package dev.holdfast.platform.event;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** The W3C trace context ({@code traceparent}) as it crosses Kafka and the outbox. */
public final class Traces {
    public static final String TRACEPARENT = "traceparent";

    private Traces() {}

    /** The current span as a {@code traceparent}, or null when nobody traces. */
    public static @Nullable String current() {
        String[] carrier = new String[1];
        W3CTraceContextPropagator.getInstance().inject(Context.current(), carrier, (slot, key, value) -> {
            if (key.equals(TRACEPARENT) && slot != null) {
                slot[0] = value;
            }
        });
        return carrier[0];
    }

    /** The header's text, or null when there is none. */
    public static @Nullable String of(Headers headers) {
        var header = headers.lastHeader(TRACEPARENT);
        return header == null ? null : new String(header.value(), StandardCharsets.US_ASCII);
    }

    /** What a batch links to: a batch has many parents, so each record's span is a link and none is the parent. */
    public static Optional<SpanContext> parse(@Nullable String traceparent) {
        if (traceparent == null) {
            return Optional.empty();
        }
        Context context = W3CTraceContextPropagator.getInstance()
                .extract(Context.root(), traceparent, SingleValueGetter.INSTANCE);
        return Optional.of(Span.fromContext(context).getSpanContext()).filter(SpanContext::isValid);
    }

    private enum SingleValueGetter implements TextMapGetter<String> {
        INSTANCE;

        @Override
        public Iterable<String> keys(String carrier) {
            return List.of(TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
            return key.equals(TRACEPARENT) ? carrier : null;
        }
    }
}
