package dev.holdfast.audit.timeline;

import dev.holdfast.audit.email.EmailOp;
import dev.holdfast.audit.timeline.Timeline.Bar;
import dev.holdfast.audit.timeline.Timeline.Lanes;
import dev.holdfast.audit.timeline.Timeline.Line;
import dev.holdfast.audit.timeline.Timeline.Mark;
import dev.holdfast.audit.timeline.Timeline.Strip;
import dev.holdfast.audit.timeline.Timeline.Tick;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Decides where everything of a {@link Timeline} lies. */
final class Drawing {
    /** Labels of this many moments have room beside each other; of more, numbers do. */
    private static final int MOMENTS_LABELLED = 60;

    private static final int WIDTH_MIN = 1_040;
    private static final int BEFORE = 110;
    private static final int MARGIN = 24;
    private static final int DISTANCE = 48;
    private static final int DISTANCE_OF_MANY = 22;
    private static final int STRIP_ROWS_MAX = 6;
    private static final double CHARACTER = 7.5;
    private static final double CHARACTER_OF_BAR = 9;
    private static final int TICK_WIDTH = 92;
    private static final int STRIP_SPACE = 12;
    private static final int LEGIBLE = 4;
    private static final int SUMMARISED = 12;

    private final List<Entry> entries;
    private final boolean whole;
    private final String unread;
    private final Instant asOf;
    private final Instant validAt;
    private final Instant end;
    private final TimeScale scale;
    private final boolean many;
    private final int width;

    Drawing(List<Entry> entries, boolean whole, String unread, Instant asOf, Instant validAt, Instant now) {
        this.entries = entries;
        this.whole = whole;
        this.unread = unread;
        this.asOf = asOf;
        this.validAt = earlier(validAt, asOf);
        this.end = entries.isEmpty() || now.isAfter(entries.getLast().recordedAt())
                ? now
                : entries.getLast().recordedAt();
        var moments = new TreeSet<Instant>();
        entries.forEach(entry -> {
            moments.add(entry.recordedAt());
            moments.add(entry.validFrom());
        });
        moments.add(end);
        Instant first = moments.first();
        List.of(this.asOf, this.validAt).forEach(asked -> {
            if (asked.isAfter(first) && asked.isBefore(end)) {
                moments.add(asked);
            }
        });
        this.many = moments.size() > MOMENTS_LABELLED;
        int least = many ? DISTANCE_OF_MANY : DISTANCE;
        this.width = Math.max(WIDTH_MIN, MARGIN + BEFORE + moments.size() * least + 2 * MARGIN);
        double room = width - 3.0 * MARGIN - BEFORE;
        this.scale = TimeScale.of(
                moments, MARGIN + BEFORE, MARGIN + BEFORE + room, Math.max(least, room / 2 / moments.size()));
    }

    Timeline draw() {
        List<Strip> strips = new ArrayList<>();
        int rows = layStrips(strips);
        Lanes lanes = Lanes.of(rows);
        List<Belief> beliefs = Belief.asOf(entries, asOf).stream()
                .filter(belief ->
                        whole || !belief.from().isBefore(entries.getFirst().recordedAt()))
                .toList();
        return new Timeline(
                marks(),
                strips.stream()
                        .map(strip -> new Strip(
                                strip.x(), strip.width(), lanes.strip(strip.y()), strip.label(), strip.title()))
                        .toList(),
                bars(beliefs),
                lines(),
                ticks(),
                lanes,
                width,
                summary(beliefs));
    }

    private int x(Instant moment) {
        Instant first = scale.moments().iterator().next();
        return moment.isBefore(first) ? MARGIN + BEFORE / 2 : (int) Math.round(scale.place(moment));
    }

    private List<Mark> marks() {
        var marks = new ArrayList<Mark>();
        int[] taken = new int[Lanes.LABEL_ROWS];
        for (Entry entry : entries) {
            int x = x(entry.recordedAt());
            String label = many ? Long.toString(entry.version()) : entry.name();
            int half = (int) Math.ceil(label.length() * CHARACTER / 2);
            int row = Lanes.LABEL_ROWS - 1;
            while (row >= 0 && x - half < taken[row]) {
                row--;
            }
            if (row >= 0) {
                taken[row] = x + half + 4;
            }
            marks.add(new Mark(
                    x,
                    entry.op().word(),
                    entry.recordedAt().isAfter(asOf),
                    row < 0 ? "" : label,
                    Lanes.LABELS + row * Lanes.LABEL_HEIGHT,
                    "Version %s, recorded %s".formatted(entry.name(), Times.text(entry.recordedAt()))));
        }
        return marks;
    }

    /** With their rows for heights; how many rows. */
    private int layStrips(List<Strip> strips) {
        var ends = new ArrayList<Integer>();
        for (Entry entry : entries) {
            if (entry.isOfThePast() && !entry.recordedAt().isAfter(asOf) && entry.op() != EmailOp.VERIFIED) {
                int from = x(entry.validFrom());
                int to = x(entry.recordedAt());
                int row = 0;
                while (row < ends.size() && ends.get(row) > from && row < STRIP_ROWS_MAX - 1) {
                    row++;
                }
                if (row == ends.size()) {
                    ends.add(0);
                }
                ends.set(row, to + STRIP_SPACE);
                String label = "believed otherwise until %s".formatted(entry.name());
                strips.add(new Strip(
                        from,
                        to - from,
                        row,
                        fitting(label, to - from, CHARACTER),
                        "Version %s is so since %s. Until it was recorded, %s, something else was believed."
                                .formatted(
                                        entry.name(), Times.text(entry.validFrom()), Times.text(entry.recordedAt()))));
            }
        }
        return ends.size();
    }

    private List<Bar> bars(List<Belief> beliefs) {
        var bars = new ArrayList<Bar>();
        int until = x(earlier(asOf, end));
        int first = beliefs.isEmpty() ? until : x(beliefs.getFirst().from());
        bars.add(
                whole
                        ? bar(MARGIN, first, "gap", false, "no address", "No address is known of the time before.")
                        : bar(
                                MARGIN,
                                first,
                                "unknown",
                                false,
                                "decided earlier",
                                "Earlier events, which are not drawn, decide about this time."));
        for (Belief belief : beliefs) {
            int from = x(belief.from());
            int to = belief.to().map(this::x).orElse(until);
            bars.add(bar(from, to, belief));
        }
        return bars;
    }

    private Bar bar(int from, int to, Belief belief) {
        String since = "since %s, until %s"
                .formatted(
                        Times.text(belief.from()), belief.to().map(Times::text).orElse("further notice"));
        if (belief.isErased()) {
            return bar(from, to, "gap", false, "erased", "Erased " + Times.text(belief.from()));
        }
        return belief.entry()
                .address()
                .map(address -> bar(
                        from,
                        to,
                        "address",
                        belief.verified(),
                        address,
                        "%s, %s%s".formatted(address, since, belief.verified() ? ", verified" : "")))
                .orElseGet(() -> bar(from, to, "unread", false, unread, "An address that nobody can read, " + since));
    }

    private static Bar bar(int from, int to, String kind, boolean verified, String label, String title) {
        return new Bar(
                from,
                to - from,
                kind,
                verified,
                fitting((verified ? "✓ " : "") + label, to - from, CHARACTER_OF_BAR),
                title);
    }

    private List<Line> lines() {
        int known = x(earlier(asOf, end));
        int valid = x(earlier(validAt, end));
        if (known == valid) {
            return List.of(new Line(known, "as-of", "as of, valid at", anchor(known, known)));
        }
        return List.of(
                new Line(known, "as-of", "as of", anchor(known, valid)),
                new Line(valid, "valid-at", "valid at", anchor(valid, known)));
    }

    /** Labels of two that are close to each other point away from each other. */
    private String anchor(int x, int other) {
        if (x != other && Math.abs(x - other) < 2 * BEFORE / 3) {
            return x < other ? "end" : "start";
        }
        return x > width - BEFORE ? "end" : "middle";
    }

    private List<Tick> ticks() {
        var ticks = new ArrayList<Tick>();
        int last = x(end);
        int taken = MARGIN;
        for (Instant moment : scale.moments()) {
            int x = x(moment);
            if (moment.equals(end) || (x >= taken && x + TICK_WIDTH <= last)) {
                ticks.add(new Tick(x, Times.date(moment), Times.time(moment)));
                taken = x + TICK_WIDTH;
            }
        }
        return ticks;
    }

    private String summary(List<Belief> beliefs) {
        var summary = new StringBuilder("%d events recorded".formatted(entries.size()));
        if (!entries.isEmpty()) {
            summary.append(", from %s to %s"
                    .formatted(
                            Times.text(entries.getFirst().recordedAt()),
                            Times.text(entries.getLast().recordedAt())));
        }
        summary.append(". As was known at %s: ".formatted(Times.text(earlier(asOf, end))));
        if (beliefs.isEmpty()) {
            return summary.append("no address.").toString();
        }
        if (beliefs.size() > SUMMARISED) {
            return summary.append("%d stretches, which the table tells.".formatted(beliefs.size()))
                    .toString();
        }
        beliefs.forEach(belief -> summary.append("%s since %s; "
                .formatted(
                        belief.isErased() ? "erased" : belief.entry().address().orElse(unread),
                        Times.text(belief.from()))));
        return summary.append(whole ? "no address before." : "earlier events are not drawn.")
                .toString();
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Cut where there is no room for all of it; nothing where there is hardly any. */
    private static String fitting(String text, int room, double character) {
        int characters = (int) ((room - STRIP_SPACE) / character);
        return text.length() <= characters ? text : characters < LEGIBLE ? "" : text.substring(0, characters - 1) + "…";
    }
}
