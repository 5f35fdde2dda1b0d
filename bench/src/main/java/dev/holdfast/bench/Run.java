package dev.holdfast.bench;

import java.util.OptionalDouble;

/**
 * One run of one side.
 *
 * @param rate per second
 * @param cpuSeconds of all processes that took part: services, servers and this one; absent where they cannot be read
 */
public record Run(double rate, OptionalDouble cpuSeconds) {}
