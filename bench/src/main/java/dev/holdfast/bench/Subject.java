package dev.holdfast.bench;

import org.jspecify.annotations.Nullable;

/**
 * What is compared.
 *
 * @param name begins with the part it belongs to, such as {@code ingest-}
 * @param unit of a rate, such as {@code events/s}, or of a duration: {@code ms}
 * @param peer who or what stands beside the product, with the settings that matter
 * @param goal null when the figure is only to be known
 */
public record Subject(
        String name, String unit, String peer, @Nullable Goal goal) {}
