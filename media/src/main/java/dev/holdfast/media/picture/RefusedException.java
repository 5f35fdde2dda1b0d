package dev.holdfast.media.picture;

import dev.holdfast.media.picture.Refusal.Reason;

/** A {@link Refusal} on its way out of a parser or decoder; none leaves the package. */
final class RefusedException extends Exception {
    private final transient Refusal refusal;

    RefusedException(Reason reason, String text) {
        super(text, null, false, false);
        this.refusal = new Refusal(reason, text);
    }

    static RefusedException broken(String why) {
        return new RefusedException(Reason.BROKEN, "The picture is broken: %s. Save it anew.".formatted(why));
    }

    static RefusedException truncated() {
        return broken("it is cut off");
    }

    Refusal refusal() {
        return refusal;
    }
}
