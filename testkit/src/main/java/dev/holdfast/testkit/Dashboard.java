package dev.holdfast.testkit;

import io.restassured.path.json.JsonPath;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a dashboard asks for, and what a service tells: a panel whose metric was renamed shows nothing, and nobody notices. */
public final class Dashboard {
    private static final Path ALL = Path.of("..", "deploy", "grafana");
    /** In a query: a name of several words before its labels, its range, a comparison or the end of a function. */
    private static final Pattern ASKED = Pattern.compile("\\b[a-z]+(?:_[a-z0-9]+)+(?=[{\\[)]| >)");

    private static final Pattern TOLD = Pattern.compile("^[a-z_0-9]+", Pattern.MULTILINE);

    private Dashboard() {}

    /**
     * The names of the metrics that its panels ask for.
     *
     * @param file in {@code deploy/grafana}
     */
    public static Set<String> asked(String file) {
        List<String> queries = JsonPath.from(ALL.resolve(file).toFile()).getList("panels.targets.expr.flatten()");
        return queries.stream()
                .filter(Objects::nonNull)
                .flatMap(query -> ASKED.matcher(query).results().map(MatchResult::group))
                .collect(Collectors.toSet());
    }

    /** The same for a dashboard of several services: those of one of them. */
    public static Set<String> asked(String file, String prefix) {
        return asked(file).stream().filter(name -> name.startsWith(prefix)).collect(Collectors.toSet());
    }

    /**
     * The names of the metrics that a service has.
     *
     * @param metrics in the text format of Prometheus
     */
    public static Set<String> told(String metrics) {
        return TOLD.matcher(metrics).results().map(MatchResult::group).collect(Collectors.toSet());
    }
}
