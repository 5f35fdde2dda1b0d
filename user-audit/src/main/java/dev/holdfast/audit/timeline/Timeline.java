package dev.holdfast.audit.timeline;

import java.time.Instant;
import java.util.List;

/**
 * A history as a drawing. Time goes to the right; above lies what was recorded, below what was believed of the valid time, and in
 * between, from the one to the other, what was recorded of the past.
 *
 * @param strips stretches about which something else was believed until they were corrected
 * @param width of the drawing, in its own units, like all places and heights
 * @param summary the same in words
 */
public record Timeline(
        List<Mark> marks,
        List<Strip> strips,
        List<Bar> bars,
        List<Line> lines,
        List<Tick> ticks,
        Lanes lanes,
        int width,
        String summary) {
    /** An event, where it was recorded. */
    public record Mark(int x, String kind, boolean later, String label, int labelY, String title) {}

    /** From since when it is so, to when that was learned. */
    public record Strip(int x, int width, int y, String label, String title) {
        public int middle() {
            return x + width / 2;
        }

        public int end() {
            return x + width;
        }
    }

    /** A belief, or that there is none. */
    public record Bar(int x, int width, String kind, boolean verified, String label, String title) {
        public int middle() {
            return x + width / 2;
        }
    }

    /** A moment that was asked for. */
    public record Line(int x, String kind, String label, String anchor) {}

    /** What a place on the axis means. */
    public record Tick(int x, String date, String time) {}

    /** How high what lies. */
    public record Lanes(int marks, int valid, int bars, int axis, int height) {
        static final int LABELS = 66;
        static final int LABEL_ROWS = 2;
        static final int LABEL_HEIGHT = 17;
        static final int STRIP = 24;
        static final int STRIP_GAP = 8;
        static final int BAR = 44;

        static Lanes of(int stripRows) {
            int marks = LABELS + LABEL_ROWS * LABEL_HEIGHT;
            int valid = marks + 28 + stripRows * (STRIP + STRIP_GAP) + 28;
            int bars = valid + 14;
            int axis = bars + BAR + 14;
            return new Lanes(marks, valid, bars, axis, axis + 44);
        }

        int strip(int row) {
            return marks + 28 + row * (STRIP + STRIP_GAP);
        }
    }

    /**
     * @param entries the oldest first
     * @param whole whether they begin with the user's first; otherwise those before decide about the time before
     * @param unread what stands for an address that nobody can read
     */
    static Timeline of(List<Entry> entries, boolean whole, String unread, Instant asOf, Instant validAt, Instant now) {
        return new Drawing(entries, whole, unread, asOf, validAt, now).draw();
    }
}
