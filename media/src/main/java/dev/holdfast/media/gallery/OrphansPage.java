package dev.holdfast.media.gallery;

import dev.holdfast.media.sweep.SweepReport;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the template of orphans is filled with.
 *
 * @param swept whether there was a sweep between both states
 * @param isHeld whether a backup keeps everything
 * @param isClean whether all was seen, and had an owner
 * @param failed the stores that could not be looked through, or not be deleted from
 */
public record OrphansPage(
        Visitor visitor, boolean swept, boolean isHeld, boolean isClean, List<String> failed, List<Row> rows) {
    /** @param before null when there was no sweep */
    public record Row(String what, String why, @Nullable String before, String now) {}

    /** A number of a report. */
    private interface Figure {
        long of(SweepReport report);
    }

    private record Kind(String what, String why, Figure figure) {
        Row row(@Nullable SweepReport before, SweepReport now) {
            return new Row(what, why, before == null ? null : text(before), text(now));
        }

        private String text(SweepReport report) {
            long value = figure.of(report);
            return what.equals("Room") ? Texts.bytes(value) : "%,d".formatted(value);
        }
    }

    private static final List<Kind> KINDS = List.of(
            new Kind("Images", "that nobody uses any more", SweepReport::unused),
            new Kind("Announcements", "of uploads that took too long", SweepReport::expired),
            new Kind("Uploads", "that nobody has announced, or not in time", SweepReport::staged),
            new Kind("Stored bytes", "that belong to no image, in all stores", SweepReport::stored),
            new Kind("Room", "that the images and stored bytes take", SweepReport::bytes));

    /** @param swept null when there was no sweep */
    static OrphansPage of(Visitor visitor, @Nullable Swept swept, SweepReport now) {
        Stream<SweepReport> all = swept == null ? Stream.of(now) : Stream.of(swept.before(), swept.report(), now);
        return new OrphansPage(
                visitor,
                swept != null,
                swept == null ? now.held() : swept.report().held(),
                now.failed().isEmpty()
                        && Stream.of(now.unused(), now.expired(), now.staged(), now.stored())
                                .allMatch(count -> count == 0),
                all.flatMap(report -> report.failed().stream())
                        .distinct()
                        .sorted()
                        .toList(),
                KINDS.stream()
                        .map(kind -> kind.row(swept == null ? null : swept.before(), now))
                        .toList());
    }

    /** @param before what there was to sweep */
    record Swept(SweepReport before, SweepReport report) {}
}
