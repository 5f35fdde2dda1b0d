package dev.holdfast.platform.page;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** Tells people from programs. */
public final class PageRequests {
    private PageRequests() {}

    /** As browsers do when somebody follows a link or sends a form: of all types a page is asked for first. */
    public static boolean wantsPage(ContainerRequestContext request) {
        List<MediaType> accepted = request.getAcceptableMediaTypes();
        return !accepted.isEmpty()
                && accepted.getFirst().getType().equals("text")
                && accepted.getFirst().getSubtype().equals("html");
    }
}
