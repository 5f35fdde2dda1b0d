package dev.holdfast.platform.postgres;

import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a failure of the database asks of the caller, by SQLSTATE
 * (<a href="https://www.postgresql.org/docs/18/errcodes-appendix.html">PostgreSQL 18, appendix A</a>).
 */
public enum FailureClass {
    /** Serialization failure, deadlock or lock timeout: run the same transaction again. */
    RETRY,
    /** The server or the way to it is out of order, or a migration is missing: wait, then try again; the data is innocent. */
    PAUSE,
    /** This data will never be accepted: isolate it. */
    DATA,
    /** A bug of ours, or not a failure of the database at all. */
    DEFECT;

    /** Looks through the causes for the first failure that PostgreSQL or its driver reported. */
    public static FailureClass of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String state = sqlState(cause);
            if (state != null) {
                return ofSqlState(state);
            }
            if (isConnectionLoss(cause)) {
                return PAUSE;
            }
        }
        return DEFECT;
    }

    /** @param state five characters; anything else is a {@link #DEFECT} */
    public static FailureClass ofSqlState(String state) {
        if (state.length() != 5) {
            return DEFECT;
        }
        return switch (state) {
            case "40001", "40P01", "55P03" -> RETRY;
            case "42P01", "42703" -> PAUSE; // table or column not there (yet): nothing is wrong with the data
            default ->
                switch (state.substring(0, 2)) {
                    case "08", "53", "57", "58" -> PAUSE;
                    case "22", "23" -> DATA;
                    default -> DEFECT;
                };
        };
    }

    /** The SQLSTATE that this very exception carries, from either driver. */
    public static @Nullable String sqlState(Throwable failure) {
        return switch (failure) {
            case PgException fromServer -> fromServer.getSqlState();
            case SQLException fromJdbc -> fromJdbc.getSQLState();
            default -> null;
        };
    }

    /** The name of the constraint that refused, if one did. */
    public static @Nullable String constraint(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PgException fromServer) {
                return fromServer.getConstraint();
            }
        }
        return null;
    }

    /** Vert.x reports pool exhaustion and a closed connection without types of their own, hence the message. */
    private static boolean isConnectionLoss(Throwable cause) {
        return cause instanceof ClosedConnectionException
                || cause instanceof IOException
                || cause instanceof TimeoutException
                || ((cause instanceof VertxException || cause instanceof NoStackTraceThrowable)
                        && String.valueOf(cause.getMessage()).contains("onnection"));
    }
}
