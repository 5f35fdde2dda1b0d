package dev.holdfast.audit.timeline;

import dev.holdfast.audit.email.EmailAddress;
import dev.holdfast.audit.email.EmailEvent;
import dev.holdfast.audit.email.EmailHistory.Disclosed;
import dev.holdfast.audit.email.EmailOp;
import dev.holdfast.audit.email.PlainEvent;
import dev.holdfast.audit.seal.ChainStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the template is filled with. */
public record TimelinePage(
        String caller,
        Asked asked,
        Answer answer,
        Timeline timeline,
        Slider slider,
        List<Row> rows,
        Window window,
        Proof proof) {

    /**
     * The address of a moment, in words.
     *
     * @param changesBehind null when the answer is final
     */
    public record Answer(
            String asOf,
            String validAt,
            @Nullable String address,
            boolean forgotten,
            boolean readable,
            @Nullable Long version,
            @Nullable String since,
            boolean verified,
            @Nullable String changesBehind) {
        static Answer of(Look look) {
            Optional<PlainEvent> event = look.state().event();
            Instant asOf = look.moments().asked();
            Instant validAt = look.moments().validAt();
            Instant stable = look.state().stableUntil();
            return new Answer(
                    Times.text(asOf),
                    Times.text(validAt.isAfter(asOf) ? asOf : validAt),
                    look.state().address().map(EmailAddress::text).orElse(null),
                    look.state().forgotten(),
                    look.readable(),
                    event.map(PlainEvent::version).orElse(null),
                    event.map(PlainEvent::validFrom).map(Times::text).orElse(null),
                    look.state().verified(),
                    look.moments().asOf().isAfter(stable) ? Times.text(stable) : null);
        }
    }

    /** A step for each event, and one for now; its value is a version. */
    public record Slider(long min, long max, long value, String label, List<Step> steps) {
        static Slider of(List<EmailEvent> events, Instant asOf, boolean isNow) {
            if (events.isEmpty()) {
                return new Slider(0, 0, 0, NOW, List.of());
            }
            long first = events.getFirst().version();
            long now = events.getLast().version() + 1;
            List<Step> steps = Stream.concat(
                            events.stream().map(event -> new Step(event.version(), label(event))),
                            Stream.of(new Step(now, NOW)))
                    .toList();
            long value = isNow
                    ? now
                    : events.stream()
                            .filter(event -> !event.recordedAt().isAfter(asOf))
                            .mapToLong(EmailEvent::version)
                            .max()
                            .orElse(first);
            boolean atStep = isNow
                    || events.stream().anyMatch(event -> event.recordedAt().equals(asOf));
            String label = steps.stream()
                    .filter(step -> atStep && step.value() == value)
                    .map(Step::label)
                    .findFirst()
                    .orElse(Times.text(asOf));
            return new Slider(first, now, value, label, steps);
        }

        private static String label(EmailEvent event) {
            return "%s, version %d %s"
                    .formatted(
                            Times.text(event.recordedAt()),
                            event.version(),
                            event.op().word());
        }
    }

    /** Where the slider may stand. */
    public record Step(long value, String label) {}

    /** An event in the table. */
    public record Row(
            long version,
            String op,
            String recorded,
            String recordedExactly,
            String valid,
            String validExactly,
            boolean ofThePast,
            @Nullable String address,
            boolean forgotten,
            boolean readable,
            String actor,
            @Nullable String reason,
            boolean later,
            boolean asked,
            boolean sealed,
            String asOfLink,
            String proofLink) {
        static Row of(Disclosed disclosed, Look look, ChainStatus chain, Asked asked) {
            EmailEvent event = disclosed.event();
            Instant asOf = look.moments().asOf();
            return new Row(
                    event.version(),
                    event.op().word(),
                    Times.text(event.recordedAt()),
                    event.recordedAt().toString(),
                    Times.text(event.validFrom()),
                    event.validFrom().toString(),
                    event.validFrom().isBefore(event.recordedAt()),
                    disclosed.address().map(EmailAddress::text).orElse(null),
                    event.address() != null && look.state().forgotten(),
                    event.address() == null || look.readable(),
                    event.actor(),
                    event.reason(),
                    event.recordedAt().isAfter(asOf),
                    event.recordedAt().equals(asOf),
                    chain.sealed().contains(event.version()),
                    asked.at(event.recordedAt()).page(),
                    asked.proof(event.version()));
        }
    }

    /** Which part of the history this is; links are null where there is no more. */
    public record Window(
            long first,
            long last,
            long head,
            boolean whole,
            @Nullable String earlier,
            @Nullable String later) {
        static Window of(Look look, Asked asked) {
            long head = look.state().headVersion();
            if (look.events().isEmpty()) {
                return new Window(0, 0, head, false, null, null);
            }
            long first = look.events().getFirst().event().version();
            long last = look.events().getLast().event().version();
            boolean isPage = look.events().size() == Looks.EVENTS_MAX;
            return new Window(
                    first,
                    last,
                    head,
                    first == 1 && last == head,
                    first > 1 && isPage ? asked.upTo(first - 1).page() : null,
                    last < head ? asked.upTo(laterEnd(last, head)).page() : null);
        }

        private static @Nullable Long laterEnd(long last, long head) {
            return last + Looks.EVENTS_MAX >= head ? null : Long.valueOf(last + Looks.EVENTS_MAX);
        }
    }

    /** How far it is proven. */
    public record Proof(
            int events,
            int sealed,
            int waiting,
            @Nullable Long size,
            @Nullable String root,
            @Nullable String upTo,
            @Nullable Long badVersion,
            @Nullable String why) {
        static Proof of(ChainStatus chain, int events) {
            Set<Long> sealed = chain.sealed();
            return new Proof(
                    events,
                    sealed.size(),
                    events - sealed.size(),
                    chain.tree().map(ChainStatus.Tree::size).orElse(null),
                    chain.tree().map(tree -> tree.root().hex()).orElse(null),
                    chain.tree()
                            .flatMap(ChainStatus.Tree::upTo)
                            .map(Times::text)
                            .orElse(null),
                    chain.broken().map(ChainStatus.Break::version).orElse(null),
                    chain.broken().map(ChainStatus.Break::why).orElse(null));
        }
    }

    private static final String NOW = "now";

    /** All that can happen, for the legend. */
    public List<String> kinds() {
        return Arrays.stream(EmailOp.values()).map(EmailOp::word).toList();
    }

    static TimelinePage of(String caller, Asked asked, Look look, ChainStatus chain) {
        List<EmailEvent> events = look.events().stream().map(Disclosed::event).toList();
        boolean fromTheFirst = !events.isEmpty() && events.getFirst().version() == 1;
        return new TimelinePage(
                caller,
                asked,
                Answer.of(look),
                Timeline.of(
                        look.events().stream().map(Entry::of).toList(),
                        fromTheFirst,
                        look.state().forgotten() ? "forgotten" : "unreadable",
                        look.moments().asOf(),
                        look.moments().validAt(),
                        look.now()),
                Slider.of(events, look.moments().asOf(), asked.asOf() == null),
                look.events().stream()
                        .map(one -> Row.of(one, look, chain, asked))
                        .toList(),
                Window.of(look, asked),
                Proof.of(chain, events.size()));
    }
}
