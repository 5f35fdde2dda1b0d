package dev.holdfast.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The results as a table that people read, in a terminal and in Markdown. */
final class Figures {
    /** Larger values need no decimals. */
    private static final double WHOLE_FROM = 100;

    private Figures() {}

    static String table(List<Result> results) {
        return row("what", "product", "peer", "ratio", "goal", "met", "CPU", "peer's", "unit; peer")
                + row("---", "--:", "--:", "--:", "---", "---", "--:", "--:", "---")
                + results.stream().map(Figures::row).collect(Collectors.joining());
    }

    private static String row(Result result) {
        return row(
                result.name(),
                value(result.value()),
                value(result.peerValue()),
                number("%.2f", result.ratio()),
                result.goal() == null ? "" : result.goal(),
                met(result.met()),
                cpu(result.cpuSecondsPerMillion()),
                cpu(result.peerCpuSecondsPerMillion()),
                result.unit() + "; " + result.peer());
    }

    /** A rate or a duration. */
    static String value(double value) {
        return number(Math.abs(value) < WHOLE_FROM ? "%,.1f" : "%,.0f", value);
    }

    private static String cpu(@Nullable Double secondsPerMillion) {
        return secondsPerMillion == null ? "" : value(secondsPerMillion);
    }

    private static String met(@Nullable Boolean met) {
        return met == null ? "" : met ? "yes" : "**no**";
    }

    private static String row(String... cells) {
        return String.format(
                Locale.ROOT, "| %-31s | %9s | %9s | %6s | %-13s | %-6s | %6s | %6s | %s |%n", (Object[]) cells);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
