package dev.holdfast.payments.lab;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A schedule as a drawing: time goes down, each client has a column.
 *
 * @param height of the drawing, in its own units
 */
public record Timeline(List<Column> columns, List<Mark> marks, int height) {
    private static final int ROW = 44;
    private static final int TOP = 70;
    private static final int COLUMN = 340;
    private static final int LEFT = 200;
    private static final double MICROS_PER_MILLI = 1_000;

    /** A client's line. */
    public record Column(int x, String title) {}

    /** Something that happened. */
    public record Mark(int x, int y, String time, String text, String kind) {}

    static Timeline of(Verdict.Schedule schedule) {
        List<Step> steps = schedule.steps();
        List<Integer> clients =
                steps.stream().map(Step::client).distinct().sorted().toList();
        long start = steps.getFirst().atMicros();
        List<Column> columns = clients.stream()
                .map(client -> new Column(x(clients, client), "client " + client))
                .toList();
        List<Mark> marks = IntStream.range(0, steps.size())
                .mapToObj(i -> mark(clients, steps.get(i), TOP + i * ROW, start))
                .toList();
        return new Timeline(columns, marks, TOP + steps.size() * ROW);
    }

    private static int x(List<Integer> clients, int client) {
        return LEFT + clients.indexOf(client) * COLUMN;
    }

    private static Mark mark(List<Integer> clients, Step step, int y, long start) {
        String deed = step.deed().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String text =
                step.account() == null ? deed : "%s account %d: %d".formatted(deed, step.account(), step.balance());
        String time = String.format(Locale.ROOT, "%.2f ms", (step.atMicros() - start) / MICROS_PER_MILLI);
        return new Mark(
                x(clients, step.client()), y, time, text, step.deed().name().toLowerCase(Locale.ROOT));
    }
}
