package dev.holdfast.media.image;

import dev.holdfast.media.store.BlobException;
import dev.holdfast.media.store.UploadException;
import dev.holdfast.platform.postgres.FailureClass;
import dev.holdfast.platform.problem.Problem;
import dev.holdfast.platform.problem.ProblemType;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.util.Locale;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** What a failure of a store becomes at HTTP. What was not acknowledged is not kept, so it can be sent again. */
class StoreProblems {
    private static final Logger LOG = Logger.getLogger(StoreProblems.class);
    private static final ProblemType FULL = new ProblemType("store-full", 507, "There is no room left");
    private static final int RETRY_AFTER_SECONDS = 2;
    /** SQLSTATE. */
    private static final String DISK_FULL = "53100";

    @ServerExceptionMapper
    Response map(BlobException failure, UriInfo uri) {
        return answer(failure, uri);
    }

    @ServerExceptionMapper
    Response map(UploadException failure, UriInfo uri) {
        return answer(failure, uri);
    }

    private static Response answer(RuntimeException failure, UriInfo uri) {
        boolean full = isFull(failure);
        LOG.errorf(failure, "%s answered %s", uri.getPath(), full ? "507" : "503");
        return full
                ? answer(FULL, "The store has no room left, so nothing was kept. Tell whoever runs this service.", uri)
                        .build()
                : answer(
                                ProblemType.UNAVAILABLE,
                                "The store of images does not work just now. Send the same again shortly: if it has happened, it does not happen twice.",
                                uri)
                        .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                        .build();
    }

    private static boolean isFull(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (DISK_FULL.equals(FailureClass.sqlState(cause)) || isNoSpace(cause)) {
                return true;
            }
        }
        return false;
    }

    /** Java has no type of its own for ENOSPC and EDQUOT; a channel throws what has only the text. */
    private static boolean isNoSpace(Throwable cause) {
        String text = String.valueOf(cause instanceof FileSystemException file ? file.getReason() : cause.getMessage())
                .toLowerCase(Locale.ROOT);
        return text.contains("no space left on device") || text.contains("quota exceeded");
    }

    private static Response.ResponseBuilder answer(ProblemType type, String detail, UriInfo uri) {
        Problem problem = Problem.of(type, detail);
        return Response.status(type.status())
                .type(Problem.MEDIA_TYPE)
                .entity(new Problem(
                        problem.type(),
                        problem.title(),
                        problem.status(),
                        problem.detail(),
                        URI.create(uri.getRequestUri().getRawPath()),
                        problem.errors()));
    }
}
