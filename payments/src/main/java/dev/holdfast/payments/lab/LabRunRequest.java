package dev.holdfast.payments.lab;

import dev.holdfast.platform.problem.Problem.InvalidPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A run to be made. Other fields are refused. */
@Schema(name = "LabRunRequest", requiredProperties = "mode")
public record LabRunRequest(
        @Nullable @Schema(
                enumeration = {
                    "naive",
                    "unordered-locks",
                    "for-update",
                    "optimistic",
                    "serializable",
                    "advisory-lock",
                    "atomic-update",
                    "lock-compute-apply"
                })
        String mode,

        @Nullable @Schema(description = "Each has 100 in the beginning; 10 when left out", minimum = "3")
        Integer accounts,

        @Nullable @Schema(description = "At once; 8 when left out", minimum = "2")
        Integer clients,

        @Nullable @Schema(description = "In all; 200 when left out")
        Integer transfers,

        @Nullable @Schema(description = "So many accounts take part in nine of ten transfers; 0 for none", minimum = "0")
        Integer hot,

        @Nullable @Schema(description = "The same seed plans the same transfers; 1 when left out")
        Long seed) {

    private static final int ACCOUNTS_MIN = 3;

    List<InvalidPart> violations(LabConfig config) {
        var violations = new ArrayList<InvalidPart>();
        if (mode == null || Mode.ofWord(mode).isEmpty()) {
            violations.add(invalid("/mode", "must be one of %s.".formatted(Mode.words())));
        }
        check("/accounts", accountsAsked(), ACCOUNTS_MIN, config.accountsMax(), violations);
        check("/clients", clientsAsked(), 2, config.clientsMax(), violations);
        check("/transfers", transfersAsked(), clientsAsked(), config.transfersMax(), violations);
        check("/hot", hotAsked(), 0, accountsAsked(), violations);
        if (hotAsked() == 1) {
            violations.add(invalid("/hot", "must be 0, or 2 and more: money moves between accounts."));
        }
        return violations;
    }

    private static void check(String pointer, int value, int min, int max, List<InvalidPart> violations) {
        if (value < min || value > max) {
            violations.add(invalid(pointer, "must be %d to %d.".formatted(min, max)));
        }
    }

    private static InvalidPart invalid(String pointer, String detail) {
        return new InvalidPart(pointer, "invalid_value", detail);
    }

    private int accountsAsked() {
        return Optional.ofNullable(accounts).orElse(10);
    }

    private int clientsAsked() {
        return Optional.ofNullable(clients).orElse(8);
    }

    private int transfersAsked() {
        return Optional.ofNullable(transfers).orElse(200);
    }

    private int hotAsked() {
        return Optional.ofNullable(hot).orElse(0);
    }

    /** To be asked of a request without {@link #violations}. */
    Load toLoad() {
        return new Load(
                Mode.ofWord(Objects.requireNonNull(mode)).orElseThrow(),
                accountsAsked(),
                clientsAsked(),
                transfersAsked(),
                hotAsked(),
                Optional.ofNullable(seed).orElse(1L));
    }
}
