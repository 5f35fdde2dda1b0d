package dev.holdfast.media.picture;

/** What {@link PictureInspector} found. */
public sealed interface Inspection {
    /** It may be decoded; whether it can be is another matter, which only decoding shows. */
    record Accepted(PictureHeader header) implements Inspection {}

    record Refused(Refusal refusal) implements Inspection {}
}
