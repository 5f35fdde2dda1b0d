package dev.holdfast.media.gallery;

import dev.holdfast.platform.page.PageRequests;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Leads who has sent an image by the form, without a script, back to the gallery; programs get the image's description. */
class UploadedRedirect {
    @ServerResponseFilter
    void answer(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getMethod().equals(HttpMethod.POST)
                && request.getUriInfo().getPath().equals("/images")
                && response.getStatusInfo().getFamily() == Response.Status.Family.SUCCESSFUL
                && PageRequests.wantsPage(request)) {
            response.setStatusInfo(Response.Status.SEE_OTHER);
            response.getHeaders().putSingle(HttpHeaders.LOCATION, GalleryResource.PAGE);
            response.setEntity("", null, MediaType.TEXT_HTML_TYPE);
        }
    }
}
