package dev.holdfast.platform.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.holdfast.platform.batch.OverloadedException;
import dev.holdfast.platform.postgres.FailureClass;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Turns whatever leaves a resource into a {@link Problem}. What a caller may know of a failure of ours is that it
 * happened: no message of an exception, no SQL and no stack trace goes out.
 */
class ProblemMappers {
    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);
    private static final int RETRY_AFTER_SECONDS = 2;

    @ServerExceptionMapper
    Response map(ProblemException exception, UriInfo uri) {
        return answer(exception.problem(), uri);
    }

    @ServerExceptionMapper
    Response map(JsonProcessingException exception, UriInfo uri) {
        return answer(Problem.of(ProblemType.NOT_JSON, JsonFailures.describe(exception)), uri);
    }

    @ServerExceptionMapper(priority = Priorities.USER - 1)
    Response map(UnauthorizedException exception, UriInfo uri) {
        return unauthenticated("Send an 'Authorization: Bearer <token>' header with a valid token.", uri);
    }

    @ServerExceptionMapper(priority = Priorities.USER - 1)
    Response map(AuthenticationFailedException exception, UriInfo uri) {
        return unauthenticated(
                "The token is not valid here: it may have expired, or its issuer or signature is unknown.", uri);
    }

    @ServerExceptionMapper(priority = Priorities.USER - 1)
    Response map(ForbiddenException exception, UriInfo uri) {
        return answer(Problem.of(ProblemType.FORBIDDEN, "The token's roles do not allow this call."), uri);
    }

    @ServerExceptionMapper
    Response map(WebApplicationException exception, UriInfo uri) {
        if (isUnreadableParameter(exception)) {
            return answer(
                    Problem.of(
                            ProblemType.INVALID_INPUT,
                            "A parameter of the path or query has the wrong type; see /q/openapi for what is expected."),
                    uri);
        }
        int status = exception.getResponse().getStatus();
        var type = new ProblemType(
                "http-" + status,
                status,
                exception.getResponse().getStatusInfo().getReasonPhrase());
        String detail = switch (status) {
            case 404 -> "Nothing is served at this path; see /q/openapi for what is.";
            case 405 -> "This path does not take this method; see /q/openapi for what it takes.";
            case 406, 415 -> "Send and accept application/json.";
            default -> type.title() + ".";
        };
        return answer(Problem.of(type, detail), uri);
    }

    /** JAX-RS says "not found" when a parameter cannot be converted, which misleads whoever made a typo. */
    private static boolean isUnreadableParameter(WebApplicationException exception) {
        return exception instanceof NotFoundException && exception.getCause() != null;
    }

    @ServerExceptionMapper
    Response map(OverloadedException exception, UriInfo uri) {
        return answer(
                Problem.of(
                        ProblemType.UNAVAILABLE,
                        "Too many wait already, so nothing has happened. Send the same again."),
                uri);
    }

    @ServerExceptionMapper
    Response map(Throwable failure, UriInfo uri) {
        return switch (FailureClass.of(failure)) {
            case PAUSE, RETRY -> {
                LOG.warnf("%s answered 503: %s", uri.getPath(), failure);
                yield unavailable(uri);
            }
            case DATA, DEFECT -> {
                LOG.errorf(failure, "%s answered 500", uri.getPath());
                yield answer(Problem.of(ProblemType.INTERNAL, "The failure has been logged with the trace's id."), uri);
            }
        };
    }

    private static Response unauthenticated(String detail, UriInfo uri) {
        return Response.fromResponse(answer(Problem.of(ProblemType.UNAUTHENTICATED, detail), uri))
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                .build();
    }

    private static Response unavailable(UriInfo uri) {
        return answer(
                Problem.of(
                        ProblemType.UNAVAILABLE,
                        "The database does not answer. Send the same again shortly: if it has happened, it does not happen twice."),
                uri);
    }

    private static Response answer(Problem problem, UriInfo uri) {
        Response.ResponseBuilder answer = Response.status(problem.status())
                .type(Problem.MEDIA_TYPE)
                .entity(problem.at(URI.create(uri.getRequestUri().getRawPath())));
        return problem.status() == ProblemType.UNAVAILABLE.status()
                ? answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS).build()
                : answer.build();
    }
}
