package dev.holdfast.media.blob;

import dev.holdfast.media.MediaConfig;
import java.util.List;

/** Which quota an owner has. */
public final class Quotas {
    private final List<Rule> rules;
    private final Quota otherwise;

    /** @param ownerType as {@code product} */
    public record Rule(String ownerType, Quota quota) {}

    /**
     * @param rules the first one that fits counts
     * @param otherwise when none does
     */
    public Quotas(List<Rule> rules, Quota otherwise) {
        this.rules = List.copyOf(rules);
        this.otherwise = otherwise;
    }

    static Quotas of(MediaConfig.Quota config) {
        return new Quotas(
                config.rules().stream()
                        .map(rule -> new Rule(rule.ownerType(), new Quota(rule.bytes(), rule.images())))
                        .toList(),
                new Quota(config.bytes(), config.images()));
    }

    Quota of(Reference reference) {
        return rules.stream()
                .filter(rule -> rule.ownerType().equals(reference.ownerType()))
                .findFirst()
                .map(Rule::quota)
                .orElse(otherwise);
    }
}
