package dev.holdfast.audit.timeline;

import dev.holdfast.audit.email.EmailOp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Entries for a drawing; times are days of a month. */
final class History {
    final List<Entry> entries = new ArrayList<>();

    static Instant day(int day) {
        return Instant.parse("2026-03-01T00:00:00Z").plusSeconds((day - 1) * 86_400L);
    }

    History registered(int recorded, String address) {
        return add(EmailOp.REGISTERED, recorded, recorded, address);
    }

    History changed(int recorded, String address) {
        return add(EmailOp.CHANGED, recorded, recorded, address);
    }

    History corrected(int recorded, int valid, String address) {
        return add(EmailOp.CORRECTED, recorded, valid, address);
    }

    History verified(int recorded) {
        return add(EmailOp.VERIFIED, recorded, recorded, null);
    }

    /** As it is read afterwards: no address can be. */
    History erased(int recorded) {
        add(EmailOp.ERASED, recorded, recorded, null);
        entries.replaceAll(entry ->
                new Entry(entry.version(), entry.op(), entry.recordedAt(), entry.validFrom(), Optional.empty()));
        return this;
    }

    private History add(EmailOp op, int recorded, int valid, String address) {
        entries.add(new Entry(entries.size() + 1, op, day(recorded), day(valid), Optional.ofNullable(address)));
        return this;
    }

    /** In words: {@code a 1-5} for who had address a from the 1st to the 5th. */
    List<String> beliefs(int asOf) {
        return Belief.asOf(entries, day(asOf)).stream()
                .map(belief -> "%s%s %s-%s"
                        .formatted(
                                belief.isErased()
                                        ? "forgotten"
                                        : belief.entry().address().orElse("?"),
                                belief.verified() ? "✓" : "",
                                dayOf(belief.from()),
                                belief.to().map(History::dayOf).orElse("")))
                .toList();
    }

    private static String dayOf(Instant moment) {
        return Long.toString((moment.getEpochSecond() - day(1).getEpochSecond()) / 86_400 + 1);
    }

    Timeline draw(int asOf, int validAt) {
        return Timeline.of(entries, true, "forgotten", day(asOf), day(validAt), day(30));
    }
}
