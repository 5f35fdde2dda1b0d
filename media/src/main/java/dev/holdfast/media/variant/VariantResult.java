package dev.holdfast.media.variant;

import dev.holdfast.media.picture.Refusal;
import dev.holdfast.media.serve.Bytes;

/** What became of the wish for a variant. */
sealed interface VariantResult {
    record Made(Variant variant, Bytes bytes) implements VariantResult {}

    /** The picture cannot be decoded; it has just been found out, or a while ago. */
    record Refused(Refusal refusal) implements VariantResult {}

    /** There is no such image any more. */
    record Gone() implements VariantResult {}
}
