package dev.holdfast.product.order;

import jakarta.persistence.EnumeratedValue;
import java.util.Arrays;
import java.util.Optional;

/** An order begins placed and is settled once: confirmed or cancelled. */
enum OrderStatus {
    PLACED("placed"),
    CONFIRMED("confirmed"),
    CANCELLED("cancelled");

    @EnumeratedValue
    private final String word;

    OrderStatus(String word) {
        this.word = word;
    }

    /** As stored and as callers see it. */
    String word() {
        return word;
    }

    static Optional<OrderStatus> of(String word) {
        return Arrays.stream(values())
                .filter(status -> status.word.equals(word))
                .findFirst();
    }
}
