package dev.holdfast.product.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PaymentRulesTest {
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final UUID TRANSFER = UUID.randomUUID();

    private final OrderEntity order = new OrderEntity(
            UUID.randomUUID(),
            "ada",
            "key",
            new byte[32],
            new OrderQuote.Priced(List.of(new OrderLine("acme", "DRILL", 1, "Drill", 500, 2)), 1000, "EUR"),
            NOON,
            Duration.ofMinutes(15));

    private PaymentEvent.Posted posted(UUID transferId, long amountMinor, String currency) {
        return new PaymentEvent.Posted(UUID.randomUUID(), order.id(), transferId, amountMinor, currency);
    }

    private PaymentEvent refused() {
        return new PaymentEvent.Refused(UUID.randomUUID(), order.id(), "insufficient_funds");
    }

    @Test
    void moneyConfirmsAPlacedOrderAndARefusalCancelsIt() {
        assertThat(PaymentRules.decide(order, posted(TRANSFER, 1000, "EUR")))
                .isEqualTo(new PaymentDecision.Confirm(TRANSFER));
        assertThat(PaymentRules.decide(order, refused())).isEqualTo(new PaymentDecision.Cancel("insufficient_funds"));
    }

    @Test
    void moneyForACancelledOrderMustGoBack() {
        // Given
        order.cancel(OrderTimeouts.REASON, NOON);
        PaymentEvent.Posted posted = posted(TRANSFER, 1000, "EUR");

        // When / Then
        assertThat(PaymentRules.decide(order, posted)).isEqualTo(new PaymentDecision.Refund(posted));
        assertThat(PaymentRules.decide(order, refused())).isEqualTo(new PaymentDecision.Nothing());
    }

    @Test
    void moneyForAConfirmedOrderMustGoBackUnlessItIsTheSame() {
        // Given
        order.confirm(TRANSFER, NOON);
        PaymentEvent.Posted again = posted(UUID.randomUUID(), 1000, "EUR");

        // When / Then
        assertThat(PaymentRules.decide(order, posted(TRANSFER, 1000, "EUR"))).isEqualTo(new PaymentDecision.Nothing());
        assertThat(PaymentRules.decide(order, again)).isEqualTo(new PaymentDecision.Refund(again));
        assertThat(PaymentRules.decide(order, refused())).isEqualTo(new PaymentDecision.Contradiction(order.id()));
    }

    @Test
    void anotherAmountOrCurrencyIsRejectedWhateverTheStatus() {
        assertThat(reason(posted(TRANSFER, 999, "EUR"))).isEqualTo("amount_mismatch");
        assertThat(reason(posted(TRANSFER, 1000, "USD"))).isEqualTo("amount_mismatch");
        order.cancel(OrderTimeouts.REASON, NOON);
        assertThat(reason(posted(TRANSFER, 1001, "EUR"))).isEqualTo("amount_mismatch");
    }

    @Test
    void anOrderIsSettledOnce() {
        order.confirm(TRANSFER, NOON);
        assertThatThrownBy(() -> order.cancel("too late", NOON)).isInstanceOf(IllegalStateException.class);
        assertThat(order.status()).isEqualTo(OrderStatus.CONFIRMED);
        assertThat(order.cancelReason()).isNull();
    }

    private String reason(PaymentEvent event) {
        return ((PaymentDecision.Reject) PaymentRules.decide(order, event))
                .rejection()
                .reason();
    }
}
