package dev.holdfast.media.variant;

import dev.holdfast.media.Roles;
import dev.holdfast.media.store.Sha256;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Signs sizes, for who makes pages: not for everybody with a token, who could fill the cache with them. */
@Path("/images/{sha256}/custom")
@RolesAllowed({Roles.OPERATOR, Roles.SIGNER})
@Tag(name = "Images")
class SigningResource {
    private final Signatures signatures;

    SigningResource(Signatures signatures) {
        this.signatures = signatures;
    }

    @POST
    @Operation(
            summary = "Sign a size that is no preset",
            description =
                    "Within the box, or covering it; never enlarged. Without a format, the Accept header decides.")
    public Uni<SignedSizeRepresentation> sign(
            @RestPath @Parameter(description = "Of the image") String sha256,
            @RestQuery @Nullable @Parameter(description = "Width of the box, in pixels") String w,
            @RestQuery @Nullable @Parameter(description = "Height of the box, in pixels") String h,
            @RestQuery @Nullable @Parameter(description = "contain, or cover") String fit,
            @RestQuery @Nullable @Parameter(description = "jpg, png, webp or avif") String format) {
        CustomSize size = size(sha256, w, h, fit, format);
        return signatures
                .sign(size)
                .map(signature -> Uni.createFrom().item(new SignedSizeRepresentation(size.path(signature))))
                .orElseThrow(() -> ProblemException.of(
                        ProblemType.CONFLICT,
                        "This service signs nothing: set media.variant.signing-keys, or use a preset."));
    }

    private static CustomSize size(
            String sha256, @Nullable String w, @Nullable String h, @Nullable String fit, @Nullable String format) {
        Sha256 image = Sha256.parse(sha256)
                .orElseThrow(() -> ProblemException.invalidParameter(
                        "sha256", "An image is named by the 64 hexadecimal digits of its hash, in lower case."));
        try {
            return CustomSize.of(image, w, h, fit, format);
        } catch (IllegalArgumentException nonsense) {
            throw ProblemException.invalidParameter("w, h, fit, format", String.valueOf(nonsense.getMessage()));
        }
    }
}
