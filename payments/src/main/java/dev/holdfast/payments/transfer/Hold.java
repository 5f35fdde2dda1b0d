package dev.holdfast.payments.transfer;

import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/** @param remainingMinor what is still set aside; 0 unless it is open */
record Hold(UUID id, long remainingMinor, Instant expiresAt, State state) {
    enum State {
        OPEN("o"),
        CAPTURED("c"),
        VOIDED("v"),
        EXPIRED("x");

        private final String letter;

        State(String letter) {
            this.letter = letter;
        }

        String letter() {
            return letter;
        }

        static State ofLetter(String letter) {
            return Arrays.stream(values())
                    .filter(state -> state.letter.equals(letter))
                    .findFirst()
                    .orElseThrow();
        }
    }

    Hold captured(long amountMinor) {
        long left = remainingMinor - amountMinor;
        return new Hold(id, left, expiresAt, left == 0 ? State.CAPTURED : State.OPEN);
    }

    Hold ended(State state) {
        return new Hold(id, 0, expiresAt, state);
    }
}
