package dev.holdfast.media.gallery;

import dev.holdfast.media.comparison.ComparisonRepresentation;
import dev.holdfast.media.comparison.ComparisonRepresentation.StoreRepresentation;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the template of a comparison is filled with.
 *
 * @param latest null when nothing was compared yet
 */
public record ComparisonPage(
        Visitor visitor, int imagesMax, @Nullable Latest latest) {
    /** What the latest one has measured: charts, and a table of the same numbers. */
    public record Latest(String measuredAt, int images, String bytes, List<Chart> charts, List<Row> rows) {
        static Latest of(ComparisonRepresentation comparison) {
            return new Latest(
                    Texts.time(comparison.measuredAt()),
                    comparison.images(),
                    Texts.bytes(comparison.bytes()),
                    Chart.all(comparison.stores()),
                    comparison.stores().stream().map(Row::of).toList());
        }
    }

    /** The numbers of a store. */
    public record Row(
            String store,
            String writeMedian,
            String writeP95,
            String readMedian,
            String readP95,
            String wal,
            String space,
            String backup) {
        static Row of(StoreRepresentation store) {
            return new Row(
                    store.store(),
                    Texts.number(store.write().medianMs()),
                    Texts.number(store.write().p95Ms()),
                    Texts.number(store.read().medianMs()),
                    Texts.number(store.read().p95Ms()),
                    Texts.number(store.walPerByte()),
                    Texts.number(store.spacePerByte()),
                    Texts.number(store.backupMegabytesPerSecond()));
        }
    }

    static ComparisonPage of(Visitor visitor, int imagesMax, Optional<ComparisonRepresentation> latest) {
        return new ComparisonPage(visitor, imagesMax, latest.map(Latest::of).orElse(null));
    }
}
