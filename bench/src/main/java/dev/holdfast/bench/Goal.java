package dev.holdfast.bench;

/** What a figure shall reach. */
public sealed interface Goal {
    boolean isMetBy(double value, double ratio);

    /** @param min times the peer's rate */
    record RatioAtLeast(double min) implements Goal {
        @Override
        public boolean isMetBy(double value, double ratio) {
            return ratio >= min;
        }

        @Override
        public String toString() {
            return "ratio >= " + min;
        }
    }

    /** @param max times the peer's duration, where less is better */
    record RatioAtMost(double max) implements Goal {
        @Override
        public boolean isMetBy(double value, double ratio) {
            return ratio <= max;
        }

        @Override
        public String toString() {
            return "ratio <= " + max;
        }
    }

    /** @param limit in the figure's unit, whatever the peer does: for durations, where less is better */
    record ValueBelow(double limit) implements Goal {
        @Override
        public boolean isMetBy(double value, double ratio) {
            return value < limit;
        }

        @Override
        public String toString() {
            return "value < " + limit;
        }
    }
}
