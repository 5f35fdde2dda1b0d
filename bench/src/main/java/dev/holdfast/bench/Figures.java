package dev.holdfast.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The results as a table that people read, in a terminal and in Markdown. */
final class Figures {
    private Figures() {}

    static String table(List<Result> results) {
        return row("what", "product", "peer", "ratio", "goal", "met", "CPU s", "unit; peer")
                + row("---", "--:", "--:", "--:", "---", "---", "--:", "---")
                + results.stream().map(Figures::row).collect(Collectors.joining());
    }

    private static String row(Result result) {
        return row(
                result.name(),
                number("%,.0f", result.value()),
                number("%,.0f", result.peerValue()),
                number("%.2f", result.ratio()),
                result.goal() == null ? "" : result.goal(),
                met(result.met()),
                result.cpuSeconds() == null ? "" : number("%.1f", result.cpuSeconds()),
                result.unit() + "; " + result.peer());
    }

    private static String met(@Nullable Boolean met) {
        return met == null ? "" : met ? "yes" : "**no**";
    }

    private static String row(String... cells) {
        return String.format(
                Locale.ROOT, "| %-24s | %10s | %10s | %6s | %-13s | %-6s | %5s | %s |%n", (Object[]) cells);
    }

    static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
