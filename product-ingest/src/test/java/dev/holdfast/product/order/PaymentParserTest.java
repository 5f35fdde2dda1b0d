package dev.holdfast.product.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.product.order.PaymentParser.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PaymentParserTest {
    private static final UUID EVENT = UUID.fromString("0197b0c8-6d0f-7c55-9a3e-5f6a4c1d2e3f");
    private static final UUID ORDER = UUID.fromString("0197b0c8-0000-7c55-9a3e-5f6a4c1d2e3f");
    private static final UUID TRANSFER = UUID.fromString("0197b0c8-1111-7c55-9a3e-5f6a4c1d2e3f");
    private static final String POSTED = """
            {"reference": "order:%s", "amountMinor": 1000, "currency": "EUR", "transferId": "%s", "later": [1]}
            """.formatted(ORDER, TRANSFER);
    private static final String REFUSED = """
            {"reference": "order:%s", "amountMinor": 1000, "currency": "EUR", "transferId": "%s", "reason": "no funds"}
            """.formatted(ORDER, TRANSFER);

    private static Parsed parse(String type, String id, String payload) {
        var message = new ConsumerRecord<byte[], byte[]>(
                "payment.events", 0, 0, null, payload == null ? null : payload.getBytes(StandardCharsets.UTF_8));
        if (type != null) {
            message.headers().add("ce_type", type.getBytes(StandardCharsets.UTF_8));
        }
        if (id != null) {
            message.headers().add("ce_id", id.getBytes(StandardCharsets.UTF_8));
        }
        return PaymentParser.parse(message);
    }

    @Test
    void understandsBothKindsAndLeavesUnknownFieldsAlone() {
        assertThat(parse("transfer.posted", EVENT.toString(), POSTED))
                .isEqualTo(new Parsed.Event(new PaymentEvent.Posted(EVENT, ORDER, TRANSFER, 1000, "EUR")));
        assertThat(parse("transfer.refused", EVENT.toString(), REFUSED))
                .isEqualTo(new Parsed.Event(new PaymentEvent.Refused(EVENT, ORDER, "no funds")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            account.opened  | whatever
            transfer.posted | {"amountMinor": 1}
            transfer.posted | {"reference": "invoice:17"}
            """)
    void leavesTheRestToOthers(String type, String payload) {
        assertThat(parse(type, EVENT.toString(), payload)).isInstanceOf(Parsed.NotOurs.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1000}             | 1000                  | not_json
            order:0197b0c8    | order:x               | invalid_reference
            1000              | "1000"                | wrong_type
            1000              | 10.5                  | wrong_type
            1000              | 99999999999999999999  | wrong_type
            1000              | -1                    | invalid_amount
            1000              | null                  | invalid_amount
            "EUR"             | "EURO"                | invalid_currency
            "EUR"             | 978                   | wrong_type
            0197b0c8-1111     | 0197b0c8-zzzz         | invalid_transfer_id
            "currency"        | "amountMinor"         | not_json
            """)
    void saysWhyAPostedTransferCannotBeUsed(String good, String bad, String reason) {
        String payload = good.equals("1000}") ? POSTED.replace("}", "") : POSTED.replaceFirst(good, bad);
        assertThat(reason(parse("transfer.posted", EVENT.toString(), payload))).isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "\"a\\u0000b\"", "\"a\\nb\""})
    void aRefusalNeedsAReasonThatCanBeStored(String bad) {
        String payload = REFUSED.replace("\"no funds\"", bad);
        assertThat(reason(parse("transfer.refused", EVENT.toString(), payload))).isEqualTo("invalid_reason");
    }

    @Test
    void headersMustBeThere() {
        assertThat(reason(parse(null, EVENT.toString(), POSTED))).isEqualTo("not_a_cloudevent");
        assertThat(reason(parse("transfer.posted", null, POSTED))).isEqualTo("invalid_event_id");
        assertThat(reason(parse("transfer.posted", "1-1-1-1-1", POSTED))).isEqualTo("invalid_event_id");
    }

    @Test
    void refusesNothingAndTooMuch() {
        assertThat(reason(parse("transfer.posted", EVENT.toString(), null))).isEqualTo("invalid_size");
        assertThat(reason(parse("transfer.posted", EVENT.toString(), " ".repeat(PaymentParser.PAYLOAD_BYTES_MAX + 1))))
                .isEqualTo("invalid_size");
        assertThat(reason(parse("transfer.posted", EVENT.toString(), "null"))).isEqualTo("not_an_object");
        assertThat(reason(parse("transfer.posted", EVENT.toString(), "[]"))).isEqualTo("wrong_type");
    }

    private static String reason(Parsed parsed) {
        assertThat(parsed).isInstanceOf(Parsed.Unreadable.class);
        return ((Parsed.Unreadable) parsed).rejection().reason();
    }
}
