package dev.holdfast.platform.lease;

/**
 * A grant. Nothing but the epoch proves it: a holder may have been replaced without noticing.
 *
 * @param name what is held
 * @param epoch rises with each grant of this name
 */
public record Lease(String name, long epoch) {}
