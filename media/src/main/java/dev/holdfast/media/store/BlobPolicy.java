package dev.holdfast.media.store;

import dev.holdfast.media.MediaConfig;
import java.util.List;

/** Which store a new blob goes to. */
public final class BlobPolicy {
    private final List<Rule> rules;
    private final Backend otherwise;

    /**
     * @param mediaType as {@code image/png}, or {@code image/*} for all of a kind, or {@code *}{@code /*}
     * @param sizeMax in bytes, included
     */
    public record Rule(String mediaType, long sizeMax, Backend backend) {
        private boolean fits(String type, long size) {
            return size <= sizeMax && (mediaType.equals("*/*") || mediaType.equals(type) || isKindOf(type));
        }

        private boolean isKindOf(String type) {
            return mediaType.endsWith("/*") && type.startsWith(mediaType.substring(0, mediaType.length() - 1));
        }
    }

    /**
     * @param rules the first one that fits counts
     * @param otherwise when none does
     */
    public BlobPolicy(List<Rule> rules, Backend otherwise) {
        this.rules = List.copyOf(rules);
        this.otherwise = otherwise;
    }

    static BlobPolicy of(MediaConfig.Store config) {
        return new BlobPolicy(
                config.rules().stream()
                        .map(rule -> new Rule(rule.mediaType(), rule.sizeMax(), rule.backend()))
                        .toList(),
                config.backend());
    }

    /**
     * @param mediaType without parameters, in lower case
     * @param size in bytes
     */
    public Backend backend(String mediaType, long size) {
        return rules.stream()
                .filter(rule -> rule.fits(mediaType, size))
                .findFirst()
                .map(Rule::backend)
                .orElse(otherwise);
    }
}
