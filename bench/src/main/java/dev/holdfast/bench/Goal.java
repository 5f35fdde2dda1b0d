package dev.holdfast.bench;

import java.util.Locale;

/** @param ratioMin how many times the peer's rate the product shall reach */
public record Goal(double ratioMin) {
    boolean isMetBy(double ratio) {
        return ratio >= ratioMin;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "ratio >= %s", ratioMin);
    }
}
