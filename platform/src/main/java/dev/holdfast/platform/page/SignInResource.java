package dev.holdfast.platform.page;

import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.security.Caller;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.smallrye.jwt.runtime.auth.JsonWebTokenCredential;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Where a browser gets its cookie. */
@Path("/")
@PermitAll
@Produces(MediaType.TEXT_HTML)
class SignInResource {
    static final String PATH = "/sign-in";
    private static final Set<String> FROM_HERE = Set.of("same-origin", "none");

    private final IdentityProviderManager identities;
    private final CurrentIdentityAssociation current;
    private final Clock clock;

    SignInResource(IdentityProviderManager identities, CurrentIdentityAssociation current, Clock clock) {
        this.identities = identities;
        this.current = current;
        this.clock = clock;
    }

    /** The form. */
    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static class Templates {
        private Templates() {}

        static native TemplateInstance signIn(String next, @Nullable String wrong, @Nullable Caller caller);
    }

    @GET
    @Path("sign-in")
    @Operation(hidden = true)
    public Uni<String> form(@RestQuery @DefaultValue(PATH) String next) {
        requireLocal(next);
        return current.getDeferredIdentity()
                .map(identity -> identity.isAnonymous() ? null : Caller.of(identity))
                .onFailure(AuthenticationFailedException.class)
                .recoverWithNull()
                .chain(caller -> Templates.signIn(next, null, caller).createUni());
    }

    @POST
    @Path("sign-in")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<Response> signIn(
            @RestForm @DefaultValue("") String token,
            @RestForm @DefaultValue(PATH) String next,
            @RestHeader("Sec-Fetch-Site") @Nullable String from,
            UriInfo uri) {
        requireFromHere(from);
        URI target = requireLocal(next);
        String stripped = token.strip();
        if (stripped.isEmpty()) {
            return again(Response.Status.BAD_REQUEST, next, "Paste a token: the field was empty.");
        }
        return identities
                .authenticate(new TokenAuthenticationRequest(new JsonWebTokenCredential(stripped)))
                .map(identity -> Response.seeOther(target)
                        .cookie(TokenCookie.of(stripped, lifetime(identity), host(uri)))
                        .build())
                .onFailure(AuthenticationFailedException.class)
                .recoverWithUni(() -> again(
                        Response.Status.UNAUTHORIZED,
                        next,
                        "This token is not valid here: it may have expired, or its issuer or signature is unknown."));
    }

    @POST
    @Path("sign-out")
    @Operation(hidden = true)
    public Uni<Response> signOut(@RestHeader("Sec-Fetch-Site") @Nullable String from, UriInfo uri) {
        requireFromHere(from);
        return Uni.createFrom()
                .item(Response.seeOther(URI.create(PATH))
                        .cookie(TokenCookie.gone(host(uri)))
                        .build());
    }

    private static Uni<Response> again(Response.Status status, String next, String wrong) {
        return Templates.signIn(next, wrong, null)
                .createUni()
                .map(page -> Response.status(status).entity(page).build());
    }

    private Duration lifetime(SecurityIdentity identity) {
        long end = ((JsonWebToken) identity.getPrincipal()).getExpirationTime();
        return Duration.ofSeconds(end - clock.instant().getEpochSecond());
    }

    private static String host(UriInfo uri) {
        URI base = uri.getBaseUri();
        return base.getScheme().equals("http") ? base.getHost() : "";
    }

    /** Nobody is signed in as somebody else, or out, by a form of another site. */
    private static void requireFromHere(@Nullable String from) {
        if (from != null && !FROM_HERE.contains(from)) {
            throw ProblemException.of(ProblemType.FORBIDDEN, "This form was not sent from a page of this server.");
        }
    }

    private static URI requireLocal(String next) {
        return LocalPath.parse(next)
                .orElseThrow(() -> ProblemException.invalidParameter(
                        "next", "next must be a path of this server, such as /q/swagger-ui."));
    }
}
