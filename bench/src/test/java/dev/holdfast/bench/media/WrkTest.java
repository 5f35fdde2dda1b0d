package dev.holdfast.bench.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrkTest {
    private static final String REPORT = """
            Running 5s test @ http://127.0.0.1:38090/20k.bin
              1 threads and 32 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency     1.20ms    0.40ms   9.70ms   90.00%%
                Req/Sec    26.10k     1.20k   28.00k    70.00%%
              130712 requests in %s, 2.52GB read
            %sRequests/sec:  25931.42
            Transfer/sec:    512.09MB
            """;

    @Test
    void countsWhatWasAnswered() {
        assertThat(Wrk.report(REPORT.formatted("5.04s", ""))).isEqualTo(new Wrk.Report(130_712, 5.04));
        assertThat(Wrk.report(REPORT.formatted("1.50m", ""))).isEqualTo(new Wrk.Report(130_712, 90));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"  Non-2xx or 3xx responses: 1\n", "  Socket errors: connect 0, read 3, write 0, timeout 0\n"})
    void believesNothingWhenSomethingFailed(String failure) {
        assertThatThrownBy(() -> Wrk.report(REPORT.formatted("5.04s", failure)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(failure.strip());
    }
}
