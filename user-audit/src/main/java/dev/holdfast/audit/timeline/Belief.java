package dev.holdfast.audit.timeline;

import dev.holdfast.audit.email.EmailOp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A stretch of valid time, and what was believed about it at a recorded one.
 *
 * @param to the next one's begin; empty when nothing comes after it
 * @param verified whether the address had answered to its user by then
 */
record Belief(Entry entry, Optional<Instant> to, boolean verified) {
    Instant from() {
        return entry.validFrom();
    }

    boolean isErased() {
        return entry.op() == EmailOp.ERASED;
    }

    boolean covers(Instant valid) {
        return !valid.isBefore(from()) && to.map(valid::isBefore).orElse(true);
    }

    /** What was known at a moment, in the order of valid time: of several with one begin, the latest recorded. */
    static List<Belief> asOf(List<Entry> entries, Instant asOf) {
        List<Entry> known = entries.stream()
                .filter(entry -> !entry.recordedAt().isAfter(asOf))
                .sorted(Comparator.comparingLong(Entry::version))
                .toList();
        var begins = new TreeMap<Instant, Entry>();
        known.stream()
                .filter(entry -> entry.op() != EmailOp.VERIFIED)
                .forEach(entry -> begins.put(entry.validFrom(), entry));
        var beliefs = new ArrayList<Belief>();
        begins.forEach((from, entry) ->
                beliefs.add(new Belief(entry, Optional.ofNullable(begins.higherKey(from)), isVerified(entry, known))));
        return beliefs;
    }

    /** By the rule of {@code email_state}: a verification is of the address that was valid when it was recorded. */
    private static boolean isVerified(Entry address, List<Entry> known) {
        boolean wasOfItsTime = !address.isOfThePast()
                || known.stream()
                        .filter(one -> one.op() != EmailOp.VERIFIED && one.version() < address.version())
                        .noneMatch(earlier -> earlier.validFrom().isAfter(address.validFrom()));
        for (Entry later : known) {
            if (later.version() > address.version()) {
                if (later.op() == EmailOp.VERIFIED) {
                    return wasOfItsTime;
                } else if (!later.validFrom().isBefore(address.validFrom())) {
                    return false;
                }
            }
        }
        return false;
    }
}
