package dev.holdfast.platform.page;

import dev.holdfast.platform.problem.Problem;
import dev.holdfast.platform.problem.ProblemType;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Problems as pages, for who asked for one. */
class ProblemPages {
    /** The page of a problem. */
    @CheckedTemplate(basePath = "")
    static class Templates {
        private Templates() {}

        static native TemplateInstance problem(Problem problem, String next);
    }

    @ServerResponseFilter
    void answer(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getEntity() instanceof Problem problem && PageRequests.wantsPage(request)) {
            show(problem, request, response);
        }
    }

    private static void show(Problem problem, ContainerRequestContext request, ContainerResponseContext response) {
        String next = request.getMethod().equals(HttpMethod.GET)
                ? next(request.getUriInfo().getRequestUri())
                : SignInResource.PATH;
        response.getHeaders().remove(HttpHeaders.WWW_AUTHENTICATE);
        if (problem.status() == ProblemType.UNAUTHENTICATED.status()) {
            response.setStatusInfo(Response.Status.SEE_OTHER);
            response.getHeaders().putSingle(HttpHeaders.LOCATION, "/sign-in?next=" + next);
            response.setEntity("", null, MediaType.TEXT_HTML_TYPE);
        } else {
            response.setEntity(Templates.problem(problem, next).render(), null, MediaType.TEXT_HTML_TYPE);
        }
    }

    private static String next(URI uri) {
        String path = uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + "?" + uri.getRawQuery();
        return URLEncoder.encode(path, StandardCharsets.UTF_8);
    }
}
