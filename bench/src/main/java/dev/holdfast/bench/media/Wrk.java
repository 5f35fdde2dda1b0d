package dev.holdfast.bench.media;

import dev.holdfast.bench.LeanHttp;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Stopwatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks for one thing all the time, over 32 connections, by <a href="https://github.com/wg/wrk">wrk</a>. */
final class Wrk {
    static final int CONNECTIONS = 32;

    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ([0-9.]+)(s|m)");
    private static final Pattern FAILED = Pattern.compile("Non-2xx or 3xx responses: .*|Socket errors: .*");

    private Wrk() {}

    /** Requests per second; throws when one fails, or when the service gives other bytes before or afterwards. */
    static Run ask(Servers servers, int port, String path, byte[] expected, int seconds) throws Exception {
        check(port, path, expected);
        Stopwatch stopwatch = servers.startStopwatch();
        Report report = report(run(port, path, seconds));
        Run run = stopwatch.stop(report.requests());
        check(port, path, expected);
        return run.withValue(report.requests() / report.seconds());
    }

    private static String run(int port, String path, int seconds) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Program.get("wrk").toString(),
                        "-t1",
                        "-c" + CONNECTIONS,
                        "-d%ds".formatted(seconds),
                        "http://127.0.0.1:%d%s".formatted(port, path))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("wrk failed: " + output);
        }
        return output;
    }

    private static void check(int port, String path, byte[] expected) throws IOException {
        try (var http = new LeanHttp(port)) {
            if (!Arrays.equals(http.get(path), expected)) {
                throw new IllegalStateException("%s gives other bytes".formatted(path));
            }
        }
    }

    record Report(long requests, double seconds) {}

    static Report report(String output) {
        Matcher failed = FAILED.matcher(output);
        Matcher requests = REQUESTS.matcher(output);
        if (failed.find() || !requests.find() || requests.group(1).equals("0")) {
            throw new IllegalStateException("wrk did not get what it asked for: " + output);
        }
        double time = Double.parseDouble(requests.group(2));
        return new Report(Long.parseLong(requests.group(1)), requests.group(3).equals("m") ? time * 60 : time);
    }
}
