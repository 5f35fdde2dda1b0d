package dev.holdfast.payments.account;

import dev.holdfast.platform.problem.Problem.InvalidPart;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Settings to change; what is left out stays. Other fields are refused. */
@Schema(name = "AccountSettings")
public record AccountSettingsRequest(
        @Nullable String name,

        @Nullable @Schema(description = "How far below zero it may go; role operator", minimum = "0")
        Long overdraftLimitMinor,

        @Nullable @Schema(description = "true: no limit at all; role operator")
        Boolean withoutLimit,

        @Nullable @Schema(description = "Neither gives nor takes while it is true; role operator")
        Boolean frozen,

        @Nullable @Schema(description = "true: for ever, once it is empty; role operator")
        Boolean closed) {

    List<InvalidPart> violations() {
        var violations = new ArrayList<>(AccountRequest.violations(name, overdraftLimitMinor, withoutLimit));
        if (Boolean.FALSE.equals(withoutLimit)) {
            violations.add(
                    new InvalidPart("/withoutLimit", "invalid_value", "can only be true: send a limit instead."));
        }
        if (Boolean.FALSE.equals(closed)) {
            violations.add(
                    new InvalidPart("/closed", "invalid_value", "can only be true: a closed account stays closed."));
        }
        if (name == null && overdraftLimitMinor == null && withoutLimit == null && frozen == null && closed == null) {
            violations.add(new InvalidPart("", "nothing_to_change", "Send at least one setting."));
        }
        return violations;
    }

    AccountSettings toSettings() {
        return new AccountSettings(name, overdraftLimitMinor, Boolean.TRUE.equals(withoutLimit), frozen, closed);
    }
}
