package dev.holdfast.payments.lab;

import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.problem.JsonBody;
import dev.holdfast.platform.problem.Problem.InvalidPart;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestStreamElementType;
import org.jspecify.annotations.Nullable;

/** The race laboratory over HTTP; where it is switched off, there is nothing. */
@Path("/lab/runs")
@RolesAllowed("operator")
@Tag(name = "Race laboratory")
class LabResource {
    private static final ProblemType BUSY = new ProblemType("laboratory-busy", 409, "A run is under way");

    private final Laboratory laboratory;
    private final LabConfig config;
    private final Ids ids;

    LabResource(Laboratory laboratory, LabConfig config, Ids ids) {
        this.laboratory = laboratory;
        this.config = config;
        this.ids = ids;
    }

    /** The page of a run. */
    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static class Page {
        private Page() {}

        static native TemplateInstance labRun(LabRunRepresentation run, @Nullable Timeline timeline, String perSecond);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Let clients race for play money",
            description = "All modes get the same load. The first transfers of all clients go for all the money of one"
                    + " account, and meet in the middle of their transactions, so that what can go wrong does.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = LabRunRequest.class),
                            examples = @ExampleObject(name = "a double spend", value = """
                                    {"mode": "naive", "accounts": 4, "clients": 2, "transfers": 2}""")))
    @APIResponse(
            responseCode = "202",
            description = "It has begun; Location tells where to look",
            content = @Content(schema = @Schema(implementation = LabRunRepresentation.class)))
    public Uni<Response> start(byte[] body) {
        requireEnabled();
        LabRunRequest request = JsonBody.read(LabRunRequest.class, body);
        List<InvalidPart> violations = request.violations(config);
        if (!violations.isEmpty()) {
            throw JsonBody.unprocessable(violations);
        }
        LabRun run = laboratory
                .start(ids.next(), request.toLoad())
                .orElseThrow(() -> ProblemException.of(
                        BUSY, "The laboratory has as many runs under way as it may: wait for one to end."));
        return Uni.createFrom()
                .item(Response.accepted(LabRunRepresentation.of(run))
                        .location(URI.create("/lab/runs/" + run.id()))
                        .build());
    }

    @GET
    @Operation(summary = "The latest runs, newest first")
    public Uni<List<LabRunRepresentation>> list() {
        requireEnabled();
        return Uni.createFrom()
                .item(laboratory.latest().stream().map(LabRunRepresentation::of).toList());
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "A run, with the verdict once it is over")
    public Uni<LabRunRepresentation> get(@RestPath @Parameter(description = "The run's id") UUID id) {
        return Uni.createFrom().item(LabRunRepresentation.of(find(id)));
    }

    @GET
    @Path("/{id}/progress")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    @Operation(summary = "How far a run is, until it is over; the last event has the verdict")
    public Multi<LabRunRepresentation> progress(@RestPath @Parameter(description = "The run's id") UUID id) {
        return Laboratory.progress(find(id));
    }

    @GET
    @Path("/{id}/page")
    @Produces(MediaType.TEXT_HTML)
    @Operation(summary = "A run for people, with the guilty schedule drawn")
    public Uni<String> page(@RestPath @Parameter(description = "The run's id") UUID id) {
        LabRunRepresentation run = LabRunRepresentation.of(find(id));
        Verdict verdict = run.verdict();
        Timeline timeline = verdict == null || verdict.guilty() == null ? null : Timeline.of(verdict.guilty());
        String perSecond = verdict == null ? "" : String.format(Locale.ROOT, "%.0f", verdict.transfersPerSecond());
        return Page.labRun(run, timeline, perSecond).createUni();
    }

    private LabRun find(UUID id) {
        requireEnabled();
        return laboratory
                .find(id)
                .orElseThrow(() -> ProblemException.of(
                        ProblemType.NOT_FOUND, "There is no run '%s', or it has been forgotten.".formatted(id)));
    }

    private void requireEnabled() {
        if (!config.enabled()) {
            throw ProblemException.of(
                    ProblemType.NOT_FOUND, "The laboratory is switched off here: set payments.lab.enabled to true.");
        }
    }
}
