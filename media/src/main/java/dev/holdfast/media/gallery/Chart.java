package dev.holdfast.media.gallery;

import dev.holdfast.media.comparison.ComparisonRepresentation.StoreRepresentation;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One thing that was measured, as a bar for each store; all places in pixels, from the top left.
 *
 * @param id of the drawing in its page
 * @param better which of two is better
 * @param text all that it shows, for who cannot see it
 */
public record Chart(String id, String title, String better, String text, int height, List<Bar> bars) {
    /** Where bars begin, behind the names of the stores, and how long the longest one is. */
    public static final int LEFT = 72;

    private static final int LENGTH_MAX = 150;
    private static final int BAR_HEIGHT = 18;
    private static final int DISTANCE = 30;
    private static final int TOP = 8;
    private static final int SPACE = 6;

    /**
     * @param whisker where the thin line ends, which is never before the bar does; the same for who has none
     * @param labelX behind both
     */
    public record Bar(String store, int y, int length, int whisker, int labelX, String label) {
        public int left() {
            return LEFT;
        }

        public int thickness() {
            return BAR_HEIGHT;
        }

        public int middle() {
            return y + BAR_HEIGHT / 2;
        }

        /** Of the text, which stands on it. */
        public int baseline() {
            return y + BAR_HEIGHT - 4;
        }

        public boolean hasWhisker() {
            return whisker > LEFT + length;
        }
    }

    static List<Chart> all(List<StoreRepresentation> stores) {
        return List.of(
                of(
                        "write",
                        "Write",
                        "ms, for half and for 95 of 100 images; shorter is better",
                        stores,
                        store -> store.write().medianMs(),
                        store -> store.write().p95Ms()),
                of(
                        "read",
                        "Read",
                        "ms, for half and for 95 of 100 images; shorter is better",
                        stores,
                        store -> store.read().medianMs(),
                        store -> store.read().p95Ms()),
                of(
                        "wal",
                        "Write-ahead log",
                        "bytes for each byte stored; shorter is better",
                        stores,
                        StoreRepresentation::walPerByte),
                of(
                        "space",
                        "Space",
                        "bytes for each byte stored; shorter is better",
                        stores,
                        StoreRepresentation::spacePerByte),
                of(
                        "backup",
                        "Backup",
                        "MB a second; longer is better",
                        stores,
                        StoreRepresentation::backupMegabytesPerSecond));
    }

    private static Chart of(
            String id,
            String title,
            String better,
            List<StoreRepresentation> stores,
            ToDoubleFunction<StoreRepresentation> value) {
        return of(id, title, better, stores, value, value);
    }

    static Chart of(
            String id,
            String title,
            String better,
            List<StoreRepresentation> stores,
            ToDoubleFunction<StoreRepresentation> value,
            ToDoubleFunction<StoreRepresentation> whisker) {
        double max = stores.stream().mapToDouble(whisker).max().orElse(0);
        double scale = max > 0 ? LENGTH_MAX / max : 0;
        List<Bar> bars = IntStream.range(0, stores.size())
                .mapToObj(number -> {
                    StoreRepresentation store = stores.get(number);
                    int length = length(value.applyAsDouble(store), scale);
                    int end = LEFT + Math.max(length, length(whisker.applyAsDouble(store), scale));
                    return new Bar(
                            store.store(),
                            TOP + number * DISTANCE,
                            length,
                            end,
                            end + SPACE,
                            label(value.applyAsDouble(store), whisker.applyAsDouble(store)));
                })
                .toList();
        return new Chart(id, title, better, text(better, bars), 2 * TOP + stores.size() * DISTANCE, bars);
    }

    private static String label(double value, double whisker) {
        String text = Texts.number(value);
        return value == whisker ? text : "%s – %s".formatted(text, Texts.number(whisker));
    }

    /** What is there is seen, however little it is. */
    private static int length(double value, double scale) {
        return value > 0 ? (int) Math.max(1, Math.round(value * scale)) : 0;
    }

    private static String text(String better, List<Bar> bars) {
        return bars.stream()
                .map(bar -> "%s %s".formatted(bar.store(), bar.label()))
                .collect(Collectors.joining(", ", "", "; in " + better + "."));
    }
}
