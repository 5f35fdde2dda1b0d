package dev.holdfast.product.order;

import dev.holdfast.platform.problem.Problem.InvalidPart;
import dev.holdfast.product.catalogue.Offer;
import dev.holdfast.product.catalogue.ProductId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What can be ordered. Finds everything that is wrong at once. */
final class OrderRules {
    static final int LINES_MAX = 100;
    static final int QUANTITY_MAX = 1_000;

    private static final Pattern PRODUCT = Pattern.compile("[a-z0-9-]{1,32}:[A-Za-z0-9._~+-]{1,64}");
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

    private OrderRules() {}

    /** What is wrong with the request itself, whatever the catalogue says. */
    static List<InvalidPart> violations(OrderRequest request) {
        List<OrderRequest.@Nullable Line> lines = request.lines();
        if (lines == null || lines.isEmpty() || lines.size() > LINES_MAX) {
            return List.of(invalid(
                    "/lines",
                    "must have 1 to %d lines, not %d".formatted(LINES_MAX, lines == null ? 0 : lines.size())));
        }
        var found = new ArrayList<InvalidPart>();
        Set<String> products = new HashSet<>();
        for (int position = 0; position < lines.size(); position++) {
            check("/lines/" + position, lines.get(position), products, found);
        }
        if (found.isEmpty()) {
            checkTogether(request.askedLines(), found);
        }
        return found;
    }

    private static void check(
            String pointer, OrderRequest.@Nullable Line line, Set<String> products, List<InvalidPart> found) {
        if (line == null) {
            found.add(missing(pointer, "an object with productId, quantity and price"));
            return;
        }
        String product = line.productId();
        if (product == null) {
            found.add(missing(pointer + "/productId", "<vendor>:<sku>"));
        } else if (!PRODUCT.matcher(product).matches()) {
            found.add(invalid(pointer + "/productId", "must be <vendor>:<sku>, such as acme:DRILL-18V"));
        } else if (!products.add(product)) {
            found.add(new InvalidPart(
                    pointer + "/productId",
                    "product_twice",
                    "%s is in an earlier line: put the whole quantity there.".formatted(product)));
        }
        if (line.quantity() == null) {
            found.add(missing(pointer + "/quantity", "1 to %d".formatted(QUANTITY_MAX)));
        } else if (line.quantity() < 1 || line.quantity() > QUANTITY_MAX) {
            found.add(invalid(pointer + "/quantity", "must be 1 to %d".formatted(QUANTITY_MAX)));
        }
        checkPrice(pointer + "/price", line.price(), found);
    }

    private static void checkPrice(String pointer, OrderRequest.@Nullable Price price, List<InvalidPart> found) {
        if (price == null) {
            found.add(missing(pointer, "the price as it was shown, with amountMinor and currency"));
            return;
        }
        if (price.amountMinor() == null) {
            found.add(missing(pointer + "/amountMinor", "a whole number of the currency's smallest unit"));
        } else if (price.amountMinor() < 0) {
            found.add(invalid(pointer + "/amountMinor", "must not be negative"));
        }
        if (price.currency() == null) {
            found.add(missing(pointer + "/currency", "an ISO 4217 code such as EUR"));
        } else if (!CURRENCY.matcher(price.currency()).matches()) {
            found.add(invalid(pointer + "/currency", "must be an ISO 4217 code such as EUR"));
        }
    }

    private static void checkTogether(List<AskedLine> lines, List<InvalidPart> found) {
        Set<String> currencies = lines.stream().map(AskedLine::currency).collect(Collectors.toSet());
        if (currencies.size() > 1) {
            found.add(new InvalidPart(
                    "/lines",
                    "several_currencies",
                    "has prices in %s: send one order for each currency."
                            .formatted(currencies.stream().sorted().collect(Collectors.joining(", ")))));
            return;
        }
        try {
            total(lines);
        } catch (ArithmeticException overflow) {
            found.add(new InvalidPart(
                    "/lines", "total_too_large", "adds up to more than a 64-bit number of minor units: order less."));
        }
    }

    private static long total(List<AskedLine> lines) {
        long total = 0;
        for (AskedLine line : lines) {
            total = Math.addExact(total, Math.multiplyExact(line.priceMinor(), line.quantity()));
        }
        return total;
    }

    /**
     * Every line must be on offer at the price that was shown: neither does a customer pay more than was seen, nor do we
     * sell for what a thing no longer costs.
     *
     * @param lines without {@link #violations}
     * @param offers what is live of their products
     */
    static OrderQuote quote(List<AskedLine> lines, Map<ProductId, Offer> offers) {
        var differences = new ArrayList<OrderQuote.Difference>();
        for (int position = 0; position < lines.size(); position++) {
            AskedLine line = lines.get(position);
            Offer offer = offers.get(line.product());
            if (offer == null
                    || offer.priceMinor() != line.priceMinor()
                    || !offer.currency().equals(line.currency())) {
                differences.add(new OrderQuote.Difference(position, line, offer));
            }
        }
        return differences.isEmpty()
                ? new OrderQuote.Priced(
                        lines.stream()
                                .map(line -> ordered(line, Objects.requireNonNull(offers.get(line.product()))))
                                .toList(),
                        total(lines),
                        lines.getFirst().currency())
                : new OrderQuote.Outdated(differences);
    }

    private static OrderLine ordered(AskedLine line, Offer offer) {
        return new OrderLine(
                offer.id().vendor(),
                offer.id().sku(),
                offer.version(),
                offer.name(),
                offer.priceMinor(),
                line.quantity());
    }

    private static InvalidPart missing(String pointer, String what) {
        return new InvalidPart(pointer, "missing", "is missing: add %s.".formatted(what));
    }

    private static InvalidPart invalid(String pointer, String what) {
        return new InvalidPart(pointer, "invalid_value", what + ".");
    }
}
