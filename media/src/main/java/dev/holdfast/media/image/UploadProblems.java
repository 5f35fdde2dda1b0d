package dev.holdfast.media.image;

import dev.holdfast.media.blob.QuotaUse;
import dev.holdfast.media.blob.Reference;
import dev.holdfast.media.picture.Refusal;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;

/** What is answered when nothing is kept. */
public final class UploadProblems {
    /**
     * As RFC 4331 and RFC 4918 (11.5) have it for quotas. 413 would say that this content is too large, and whoever attaches an image
     * sends none.
     */
    private static final ProblemType OVER_QUOTA =
            new ProblemType("over-quota", 507, "The owner has no room for another image");

    private UploadProblems() {}

    public static ProblemException overQuota(Reference reference, QuotaUse use) {
        return ProblemException.of(
                OVER_QUOTA,
                "%s %s uses %,d of %,d bytes and %,d of %,d images, which leaves no room for this one: detach images that are not needed, or ask an operator for a larger quota."
                        .formatted(
                                reference.ownerType(),
                                reference.ownerId(),
                                use.bytes(),
                                use.quota().bytes(),
                                use.images(),
                                use.quota().images()));
    }

    public static ProblemException expired() {
        return ProblemException.of(
                ProblemType.CONFLICT, "The upload took too long, and nothing is kept of it. Send it again.");
    }

    public static ProblemException refused(Refusal refusal) {
        return ProblemException.of(
                refusal.reason() == Refusal.Reason.TOO_MANY_BYTES ? ProblemType.TOO_LARGE : ProblemType.UNPROCESSABLE,
                refusal.text());
    }
}
