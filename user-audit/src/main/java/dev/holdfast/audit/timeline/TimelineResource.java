package dev.holdfast.audit.timeline;

import dev.holdfast.audit.email.EmailHistory.Disclosed;
import dev.holdfast.audit.email.Moments;
import dev.holdfast.audit.email.ReadNote;
import dev.holdfast.audit.email.Readers;
import dev.holdfast.audit.seal.SealedHistory;
import dev.holdfast.platform.problem.Problem;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.security.Caller;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The page of a user's history. */
@Path("/users/{id}/email/timeline")
@Authenticated
@Produces(MediaType.TEXT_HTML)
@Tag(name = "E-mail")
class TimelineResource {
    private final Looks looks;
    private final SealedHistory sealed;
    private final SecurityIdentity identity;
    private final Clock clock;

    TimelineResource(Looks looks, SealedHistory sealed, SecurityIdentity identity, Clock clock) {
        this.looks = looks;
        this.sealed = sealed;
        this.identity = identity;
        this.clock = clock;
    }

    /** The page, and the one that asks for what is needed to show it. */
    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static class Templates {
        private Templates() {}

        static native TemplateInstance timeline(TimelinePage page);

        static native TemplateInstance timelineQuestion(
                String caller, Asked asked, boolean ofOthers, @Nullable String wrongField, @Nullable String wrong);
    }

    @GET
    @Operation(
            summary = "A user's history for people, drawn in both of its times",
            description = "At most 500 events are drawn; the page leads to those before and after.")
    public Uni<Response> page(
            @RestPath @Parameter(description = "The user's id") UUID id,
            @RestQuery @Nullable @Parameter(description = "All that is known, if left out") String asOf,
            @RestQuery @Nullable @Parameter(description = "As asOf, if left out") String validAt,
            @RestQuery @Nullable @Parameter(description = "The version whose recording is meant by asOf") Long step,
            @RestQuery @Nullable @Parameter(description = "The last version that is drawn; the latest, if left out")
                    Long to,
            @RestQuery @Nullable @Parameter(description = "Why, when it is not about oneself") String purpose) {
        Caller caller = Caller.of(identity);
        Asked asked = Asked.of(id, asOf, validAt, to, purpose);
        ReadNote note;
        Moments moments;
        Instant now = clock.instant();
        try {
            note = Readers.note(caller, id, asked.purpose());
            moments = Moments.of(asked.asOf(), asked.validAt(), now);
        } catch (ProblemException refused) {
            return ask(caller, asked, refused);
        }
        return step == null
                ? show(caller, asked, moments, now, note)
                : looks.recorded(id, step)
                        .map(recorded -> Response.seeOther(URI.create(
                                        asked.at(recorded.orElse(null)).page()))
                                .build());
    }

    private Uni<Response> show(Caller caller, Asked asked, Moments moments, Instant now, @Nullable ReadNote note) {
        return looks.at(asked.user(), moments, asked.to(), now, note)
                .map(found -> found.orElseThrow(() ->
                        ProblemException.of(ProblemType.NOT_FOUND, "There is no user %s.".formatted(asked.user()))))
                .chain(look -> sealed.check(
                                asked.user(),
                                look.drawn().first(),
                                look.drawn().last(),
                                look.events().stream().map(Disclosed::event).toList(),
                                look.state().forgotten())
                        .chain(chain -> Templates.timeline(TimelinePage.of(caller.subject(), asked, look, chain))
                                .createUni()))
                .map(page -> Response.ok(page).build());
    }

    /** A purpose that nobody has asked for yet is no mistake. */
    private static Uni<Response> ask(Caller caller, Asked asked, ProblemException refused) {
        Problem problem = refused.problem();
        if (problem.status() != ProblemType.INVALID_INPUT.status()) {
            throw refused;
        }
        String field = problem.errors().getFirst().pointer();
        boolean isMistake = !field.equals("purpose") || asked.purpose() != null;
        return Templates.timelineQuestion(
                        caller.subject(),
                        asked,
                        !caller.subject().equals(asked.user().toString()),
                        isMistake ? field : null,
                        isMistake ? problem.detail() : null)
                .createUni()
                .map(page -> Response.status(isMistake ? problem.status() : 200)
                        .entity(page)
                        .build());
    }
}
