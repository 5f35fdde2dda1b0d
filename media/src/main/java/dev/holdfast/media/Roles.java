package dev.holdfast.media;

/** Roles that open endpoints beyond what owners may do. */
public final class Roles {
    /** Acts for anybody, and looks after the stores. */
    public static final String OPERATOR = "operator";

    /** Makes pages, and has the sizes signed that they need. */
    public static final String SIGNER = "signer";

    private Roles() {}
}
