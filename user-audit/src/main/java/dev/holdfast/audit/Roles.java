package dev.holdfast.audit;

/** Who may do more than users. */
public final class Roles {
    /** Runs the shop: reads and changes for users. */
    public static final String OPERATOR = "operator";

    /** Reads every history, and changes nothing. */
    public static final String AUDITOR = "auditor";

    /** Forgets people, and keeps what a court wants kept. */
    public static final String PRIVACY_OFFICER = "privacy-officer";

    private Roles() {}
}
