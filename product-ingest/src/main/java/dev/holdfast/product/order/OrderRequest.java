package dev.holdfast.product.order;

import dev.holdfast.product.catalogue.ProductId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a customer wants, at the prices the customer was shown. Other fields are refused. */
@Schema(
        name = "OrderRequest",
        requiredProperties = {"lines"})
public record OrderRequest(
        @Schema(minItems = 1, maxItems = OrderRules.LINES_MAX) @Nullable List<@Nullable Line> lines) {

    /** One product. No product may be in two lines. */
    @Schema(
            name = "OrderRequestLine",
            requiredProperties = {"productId", "quantity", "price"})
    public record Line(
            @Schema(examples = "acme:DRILL-18V") @Nullable String productId,

            @Schema(examples = "2", minimum = "1", maximum = "" + OrderRules.QUANTITY_MAX) @Nullable Integer quantity,

            @Schema(description = "Of one piece, as it was shown") @Nullable Price price) {}

    /** An amount in the smallest unit of its currency; all lines have the same currency. */
    @Schema(
            name = "ShownPrice",
            requiredProperties = {"amountMinor", "currency"})
    public record Price(
            @Schema(examples = "12900", minimum = "0") @Nullable Long amountMinor,

            @Schema(description = "ISO 4217", examples = "EUR") @Nullable String currency) {}

    /** To be asked of a request without {@link OrderRules#violations}. */
    List<AskedLine> askedLines() {
        return Objects.requireNonNull(lines).stream()
                .map(Objects::requireNonNull)
                .map(line -> new AskedLine(
                        ProductId.parse(Objects.requireNonNull(line.productId()))
                                .orElseThrow(),
                        Objects.requireNonNull(line.quantity()),
                        Objects.requireNonNull(
                                Objects.requireNonNull(line.price()).amountMinor()),
                        Objects.requireNonNull(line.price().currency())))
                .toList();
    }

    /** SHA-256 over what was asked: two requests with the same fingerprint ask for the same. */
    byte[] fingerprint() {
        String content = askedLines().stream().map(AskedLine::toString).collect(Collectors.joining("\n"));
        try {
            return MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }
}
