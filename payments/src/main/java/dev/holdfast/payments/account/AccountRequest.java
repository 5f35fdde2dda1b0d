package dev.holdfast.payments.account;

import dev.holdfast.platform.problem.Problem.InvalidPart;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An account to be opened. Other fields are refused. */
@Schema(name = "AccountRequest", requiredProperties = "currency")
public record AccountRequest(
        @Nullable @Schema(description = "Whose it is, a token's subject; others than yourself need role operator")
        String owner,

        @Nullable @Schema(description = "For people; 'main' when left out", examples = "savings")
        String name,

        @Nullable @Schema(description = "ISO 4217", examples = "EUR")
        String currency,

        @Nullable @Schema(description = "How far below zero it may go; 0 when left out; role operator", minimum = "0")
        Long overdraftLimitMinor,

        @Nullable @Schema(description = "No limit at all: where money enters the ledger; role operator")
        Boolean withoutLimit) {

    static final long LIMIT_MAX = 9_007_199_254_740_991L;
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
    private static final Pattern NAME = Pattern.compile("(?=.*\\S)\\P{Cntrl}{1,100}");
    private static final int OWNER_LENGTH_MAX = 255;

    List<InvalidPart> violations() {
        var violations = new ArrayList<InvalidPart>();
        if (currency == null || !CURRENCY.matcher(currency).matches()) {
            violations.add(invalid("/currency", "must be an ISO 4217 code such as EUR."));
        }
        if (owner != null && (owner.isEmpty() || owner.length() > OWNER_LENGTH_MAX || owner.indexOf('\0') >= 0)) {
            violations.add(
                    invalid("/owner", "must be 1 to %d characters, none of them NUL.".formatted(OWNER_LENGTH_MAX)));
        }
        violations.addAll(violations(name, overdraftLimitMinor, withoutLimit));
        return violations;
    }

    /** Of what can be set when an account is opened, and edited later. */
    static List<InvalidPart> violations(
            @Nullable String name, @Nullable Long overdraftLimitMinor, @Nullable Boolean withoutLimit) {
        var violations = new ArrayList<InvalidPart>();
        if (name != null && !NAME.matcher(name).matches()) {
            violations.add(invalid("/name", "must be 1 to 100 characters without control characters."));
        }
        if (overdraftLimitMinor != null && (overdraftLimitMinor < 0 || overdraftLimitMinor > LIMIT_MAX)) {
            violations.add(invalid("/overdraftLimitMinor", "must be 0 to %d.".formatted(LIMIT_MAX)));
        }
        if (overdraftLimitMinor != null && Boolean.TRUE.equals(withoutLimit)) {
            violations.add(invalid("/withoutLimit", "contradicts overdraftLimitMinor: send one of the two."));
        }
        return violations;
    }

    private static InvalidPart invalid(String pointer, String detail) {
        return new InvalidPart(pointer, "invalid_value", detail);
    }
}
