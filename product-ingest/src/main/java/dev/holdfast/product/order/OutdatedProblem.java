package dev.holdfast.product.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.holdfast.platform.problem.Problem;
import dev.holdfast.platform.problem.Problem.InvalidPart;
import dev.holdfast.platform.problem.ProblemType;
import java.net.URI;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A problem (RFC 9457) with an extension: what the catalogue says now, for each line that it does not agree with. */
@Schema(description = "A problem, and for each line that differs the current price")
public record OutdatedProblem(@JsonUnwrapped Problem problem, List<CurrentPrice> currentPrices) {
    static final ProblemType TYPE =
            new ProblemType("catalogue-changed", 409, "The catalogue says something else by now");

    /**
     * @param line its place in the order, from 0
     * @param price absent when the product can no longer be ordered
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CurrentPrice(
            int line, String productId, @Nullable OrderAmount price) {}

    static OutdatedProblem of(List<OrderQuote.Difference> differences, URI path) {
        Problem problem = new Problem(
                TYPE.uri(),
                TYPE.title(),
                TYPE.status(),
                "Nothing was ordered: %d of the lines differ from the catalogue. Show the current prices to the customer and order again."
                        .formatted(differences.size()),
                path,
                differences.stream().map(OutdatedProblem::explain).toList());
        return new OutdatedProblem(
                problem, differences.stream().map(OutdatedProblem::current).toList());
    }

    private static InvalidPart explain(OrderQuote.Difference difference) {
        AskedLine asked = difference.asked();
        String pointer = "/lines/" + difference.position();
        return difference.offer() == null
                ? new InvalidPart(
                        pointer + "/productId",
                        "not_available",
                        "%s cannot be ordered (any more): remove the line.".formatted(asked.product()))
                : new InvalidPart(
                        pointer + "/price",
                        "price_changed",
                        "%s costs %d %s now, not %d %s (minor units)."
                                .formatted(
                                        asked.product(),
                                        difference.offer().priceMinor(),
                                        difference.offer().currency(),
                                        asked.priceMinor(),
                                        asked.currency()));
    }

    private static CurrentPrice current(OrderQuote.Difference difference) {
        return new CurrentPrice(
                difference.position(),
                difference.asked().product().toString(),
                difference.offer() == null
                        ? null
                        : new OrderAmount(
                                difference.offer().priceMinor(),
                                difference.offer().currency()));
    }
}
