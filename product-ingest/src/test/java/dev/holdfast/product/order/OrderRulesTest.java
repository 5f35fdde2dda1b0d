package dev.holdfast.product.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.platform.problem.Problem.InvalidPart;
import dev.holdfast.product.catalogue.Offer;
import dev.holdfast.product.catalogue.ProductId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderRulesTest {
    private static final ProductId DRILL = new ProductId("acme", "DRILL");
    private static final ProductId SAW = new ProductId("acme", "SAW");

    private static OrderRequest.Line line(String product, Integer quantity, Long amountMinor, String currency) {
        return new OrderRequest.Line(product, quantity, new OrderRequest.Price(amountMinor, currency));
    }

    private static List<InvalidPart> violations(OrderRequest.Line... lines) {
        return OrderRules.violations(new OrderRequest(List.of(lines)));
    }

    @Test
    void acceptsWhatCanBeOrdered() {
        assertThat(violations(line("acme:DRILL", 1, 12900L, "EUR"), line("acme:SAW", 1000, 0L, "EUR")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            -            , 1    , 100, EUR , /lines/0/productId         , missing
            DRILL        , 1    , 100, EUR , /lines/0/productId         , invalid_value
            acme:DR ILL  , 1    , 100, EUR , /lines/0/productId         , invalid_value
            acme:DRILL   , -    , 100, EUR , /lines/0/quantity          , missing
            acme:DRILL   , 0    , 100, EUR , /lines/0/quantity          , invalid_value
            acme:DRILL   , 1001 , 100, EUR , /lines/0/quantity          , invalid_value
            acme:DRILL   , 1    , -  , EUR , /lines/0/price/amountMinor , missing
            acme:DRILL   , 1    , -1 , EUR , /lines/0/price/amountMinor , invalid_value
            acme:DRILL   , 1    , 100, -   , /lines/0/price/currency    , missing
            acme:DRILL   , 1    , 100, Euro, /lines/0/price/currency    , invalid_value
            acme:DRILL   , 2    , 9223372036854775807, EUR, /lines      , total_too_large
            """)
    void saysWhatIsWrongAndWhere(
            String product, Integer quantity, Long amountMinor, String currency, String pointer, String reason) {
        assertThat(violations(line(product, quantity, amountMinor, currency)))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.pointer()).isEqualTo(pointer);
                    assertThat(violation.reason()).isEqualTo(reason);
                    assertThat(violation.detail()).isNotBlank();
                });
    }

    @Test
    void refusesASumThatOverflowsThoughNoLineDoes() {
        assertThat(violations(line("acme:DRILL", 1, Long.MAX_VALUE, "EUR"), line("acme:SAW", 1, 1L, "EUR")))
                .extracting(InvalidPart::reason)
                .containsExactly("total_too_large");
    }

    @Test
    void refusesSeveralCurrencies() {
        assertThat(violations(line("acme:DRILL", 1, 100L, "USD"), line("acme:SAW", 1, 100L, "EUR")))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.reason()).isEqualTo("several_currencies");
                    assertThat(violation.detail()).contains("EUR, USD");
                });
    }

    @Test
    void refusesAProductInTwoLines() {
        assertThat(violations(line("acme:DRILL", 1, 100L, "EUR"), line("acme:DRILL", 2, 100L, "EUR")))
                .extracting(InvalidPart::pointer, InvalidPart::reason)
                .containsExactly(tuple("/lines/1/productId", "product_twice"));
    }

    @Test
    void takesOneToAHundredLines() {
        List<OrderRequest.Line> lines = IntStream.range(0, OrderRules.LINES_MAX + 1)
                .mapToObj(i -> line("acme:P" + i, 1, 1L, "EUR"))
                .toList();
        assertThat(OrderRules.violations(new OrderRequest(lines.subList(0, OrderRules.LINES_MAX))))
                .isEmpty();
        assertThat(OrderRules.violations(new OrderRequest(lines)))
                .extracting(InvalidPart::pointer)
                .containsExactly("/lines");
        assertThat(OrderRules.violations(new OrderRequest(List.of()))).hasSize(1);
        assertThat(OrderRules.violations(new OrderRequest(null))).hasSize(1);
    }

    @Test
    void namesEverythingThatIsWrongAtOnce() {
        assertThat(OrderRules.violations(
                        new OrderRequest(Arrays.asList(new OrderRequest.Line(null, null, null), null))))
                .extracting(InvalidPart::pointer)
                .containsExactly("/lines/0/productId", "/lines/0/quantity", "/lines/0/price", "/lines/1");
    }

    @Test
    void quotesTheSumAndKeepsNameAndVersion() {
        // Given
        var asked = List.of(new AskedLine(SAW, 3, 500, "EUR"), new AskedLine(DRILL, 2, 12900, "EUR"));
        var offers = Map.of(
                DRILL, new Offer(DRILL, 7, "Drill", 12900, "EUR"),
                SAW, new Offer(SAW, 1, "Saw", 500, "EUR"));

        // When / Then
        assertThat(OrderRules.quote(asked, offers))
                .isEqualTo(new OrderQuote.Priced(
                        List.of(
                                new OrderLine("acme", "SAW", 1, "Saw", 500, 3),
                                new OrderLine("acme", "DRILL", 7, "Drill", 12900, 2)),
                        27300,
                        "EUR"));
    }

    @ParameterizedTest
    @CsvSource({"12901, EUR", "12899, EUR", "12900, USD"})
    void aPriceThatIsNotTheShownOneIsADifference(long priceMinor, String currency) {
        // Given
        var asked = new AskedLine(DRILL, 2, 12900, "EUR");
        var offer = new Offer(DRILL, 7, "Drill", priceMinor, currency);

        // When / Then
        assertThat(OrderRules.quote(List.of(asked), Map.of(DRILL, offer)))
                .isEqualTo(new OrderQuote.Outdated(List.of(new OrderQuote.Difference(0, asked, offer))));
    }

    @Test
    void aProductThatIsNotOnOfferIsADifferenceToo() {
        // Given
        var there = new AskedLine(DRILL, 1, 100, "EUR");
        var gone = new AskedLine(SAW, 1, 100, "EUR");

        // When / Then
        assertThat(OrderRules.quote(List.of(there, gone), Map.of(DRILL, new Offer(DRILL, 1, "Drill", 100, "EUR"))))
                .isEqualTo(new OrderQuote.Outdated(List.of(new OrderQuote.Difference(1, gone, null))));
    }

    @Test
    void theFingerprintTellsContentFromContent() {
        // Given
        var request = new OrderRequest(List.of(line("acme:DRILL", 1, 100L, "EUR")));

        // When / Then
        assertThat(request.fingerprint())
                .isEqualTo(new OrderRequest(List.of(line("acme:DRILL", 1, 100L, "EUR"))).fingerprint())
                .isNotEqualTo(new OrderRequest(List.of(line("acme:DRILL", 2, 100L, "EUR"))).fingerprint())
                .isNotEqualTo(new OrderRequest(List.of(line("acme:DRILL", 1, 101L, "EUR"))).fingerprint())
                .isNotEqualTo(new OrderRequest(List.of(line("acme:DRILL", 1, 100L, "USD"))).fingerprint())
                .isNotEqualTo(new OrderRequest(List.of(line("acme:SAW", 1, 100L, "EUR"))).fingerprint());
    }
}
