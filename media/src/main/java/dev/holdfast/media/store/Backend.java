package dev.holdfast.media.store;

/** The kinds of stores; their names in lower case are in the configuration and in rows. */
public enum Backend {
    FILES,
    POSTGRES,
    S3
}
