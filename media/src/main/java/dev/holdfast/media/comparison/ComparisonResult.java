package dev.holdfast.media.comparison;

/** What became of a comparison. */
public sealed interface ComparisonResult {
    record Done(Comparison comparison) implements ComparisonResult {}

    /** Another one goes on: beside it, both would measure each other. */
    record Busy() implements ComparisonResult {}

    /** There is no image to compare on that is small enough. */
    record NoImages() implements ComparisonResult {}

    /** An image was deleted or moved in the middle. */
    record Changed() implements ComparisonResult {}

    /** A store does not do what it should; the log says which. */
    record Failed() implements ComparisonResult {}
}
