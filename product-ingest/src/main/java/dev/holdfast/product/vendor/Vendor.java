package dev.holdfast.product.vendor;

import java.util.OptionalLong;

/**
 * What a feed must know of a vendor.
 *
 * @param active switched on, and with a contract in effect today
 * @param dailyQuota messages a day, the one that holds today; empty: no limit, and for a vendor that is not active
 * @param versionIsClock versions are milliseconds since 1970-01-01T00:00:00Z; otherwise any numbers that rise
 */
public record Vendor(String id, String name, boolean active, OptionalLong dailyQuota, boolean versionIsClock) {}
