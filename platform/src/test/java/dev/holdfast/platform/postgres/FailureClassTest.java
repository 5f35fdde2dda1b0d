package dev.holdfast.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.sqlclient.ClosedConnectionException;
import java.net.ConnectException;
import java.sql.SQLException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureClassTest {
    @ParameterizedTest
    @CsvSource({
        "40001, RETRY",
        "40P01, RETRY",
        "55P03, RETRY",
        "08006, PAUSE",
        "53300, PAUSE",
        "53100, PAUSE",
        "57P01, PAUSE",
        "58030, PAUSE",
        "42P01, PAUSE",
        "42703, PAUSE",
        "22021, DATA",
        "22003, DATA",
        "23505, DATA",
        "23P01, DATA",
        "42601, DEFECT",
        "XX000, DEFECT",
        "'', DEFECT"
    })
    void classesASqlState(String state, FailureClass expected) {
        assertThat(FailureClass.ofSqlState(state)).isEqualTo(expected);
    }

    @Test
    void looksThroughWrappers() {
        assertThat(FailureClass.of(new CompletionException(new SQLException("deadlock", "40P01"))))
                .isEqualTo(FailureClass.RETRY);
    }

    @Test
    void aConnectionThatIsGoneOrRefusedAsksForAPause() {
        assertThat(FailureClass.of(ClosedConnectionException.INSTANCE)).isEqualTo(FailureClass.PAUSE);
        assertThat(FailureClass.of(new ConnectException("refused"))).isEqualTo(FailureClass.PAUSE);
        assertThat(FailureClass.of(new NoStackTraceThrowable("Connection is not active now, current status: CLOSED")))
                .isEqualTo(FailureClass.PAUSE);
    }

    @Test
    void aBugIsADefect() {
        assertThat(FailureClass.of(new NullPointerException())).isEqualTo(FailureClass.DEFECT);
    }
}
