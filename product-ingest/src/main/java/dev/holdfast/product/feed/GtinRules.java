package dev.holdfast.product.feed;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which changes must wait because another live product has their GTIN. What counts is how things would stand after all
 * of them: two products may swap, and one may take what another lets go.
 *
 * <p>Everyone is let in first. Then, for as long as two products claim one GTIN, all but one step back: to the next
 * older change of theirs, or to how they stand. Who stands goes before who changes, who keeps goes before who takes,
 * and the earlier message goes before the later. Nobody steps forward again, so it ends; and a GTIN that was fought for
 * stays claimed by someone, so nobody waits for nothing.
 */
final class GtinRules {
    private GtinRules() {}

    /**
     * How a product stands.
     *
     * @param version the highest one taken
     * @param gtin in 14 digits; null while it is not live or has none
     */
    record Holding(String product, long version, @Nullable String gtin) {}

    /**
     * @param changes in the order of their offsets
     * @param holdings of the products that change and of all that have one of the GTINs in question
     * @return those that must wait
     */
    static Map<FeedMessage, SetAside> waiting(List<FeedMessage> changes, Collection<Holding> holdings) {
        return new Fight(changes, holdings).fight();
    }

    /** A product and what it would like to be, best first. */
    private static final class Contender {
        private final String product;
        private final @Nullable String standing;
        private final List<FeedMessage> wishes = new ArrayList<>();
        private int wish;

        Contender(String product, @Nullable String standing) {
            this.product = product;
            this.standing = standing;
        }

        boolean stands() {
            return wish == wishes.size();
        }

        @Nullable String claims() {
            if (stands()) {
                return standing;
            }
            return wishes.get(wish).change().claimedGtin();
        }

        boolean keeps() {
            return stands() || (standing != null && standing.equals(claims()));
        }

        long offset() {
            return stands() ? -1 : wishes.get(wish).offset();
        }

        /** Messages of one version stand and fall together: the first of them counts. */
        void stepBack() {
            long version = wishes.get(wish).change().version();
            while (!stands() && wishes.get(wish).change().version() == version) {
                wish++;
            }
        }
    }

    private static final class Fight {
        private static final Comparator<Contender> FIRST = Comparator.comparing(Contender::stands)
                .thenComparing(Contender::keeps)
                .reversed()
                .thenComparingLong(Contender::offset);

        private final Map<String, Contender> contenders = new LinkedHashMap<>();

        Fight(List<FeedMessage> changes, Collection<Holding> holdings) {
            Map<String, Long> versions = new HashMap<>();
            for (Holding holding : holdings) {
                contenders.put(holding.product(), new Contender(holding.product(), holding.gtin()));
                versions.put(holding.product(), holding.version());
            }
            for (FeedMessage message : changes) {
                ProductChange change = message.change();
                if (change.version() > versions.getOrDefault(change.id(), -1L)) {
                    contenders
                            .computeIfAbsent(change.id(), id -> new Contender(id, null))
                            .wishes
                            .add(message);
                }
            }
            Comparator<FeedMessage> newestFirst = Comparator.comparingLong(
                            (FeedMessage message) -> message.change().version())
                    .reversed()
                    .thenComparingLong(FeedMessage::offset);
            contenders.values().forEach(contender -> contender.wishes.sort(newestFirst));
        }

        Map<FeedMessage, SetAside> fight() {
            Optional<Map<String, Contender>> owners = round();
            while (owners.isEmpty()) {
                owners = round();
            }
            Map<FeedMessage, SetAside> aside = new HashMap<>();
            for (Contender contender : contenders.values()) {
                for (FeedMessage lost : contender.wishes.subList(0, contender.wish)) {
                    aside.put(lost, verdict(lost, contender, owners.get()));
                }
            }
            return aside;
        }

        /** Who owns which GTIN, or empty when someone had to step back. */
        private Optional<Map<String, Contender>> round() {
            Map<String, Contender> owners = new HashMap<>();
            boolean peace = true;
            for (Contender contender : contenders.values()) {
                String gtin = contender.claims();
                if (gtin == null) {
                    continue;
                }
                Contender rival = owners.putIfAbsent(gtin, contender);
                if (rival != null) {
                    boolean rivalGoesFirst = FIRST.compare(rival, contender) <= 0;
                    (rivalGoesFirst ? contender : rival).stepBack();
                    owners.put(gtin, rivalGoesFirst ? rival : contender);
                    peace = false;
                }
            }
            return peace ? Optional.of(owners) : Optional.empty();
        }

        /** Of several messages of one version the first one's GTIN is in question. */
        private static SetAside verdict(FeedMessage lost, Contender contender, Map<String, Contender> owners) {
            FeedMessage first = contender.wishes.stream()
                    .filter(wish -> wish.change().version() == lost.change().version())
                    .findFirst()
                    .orElseThrow();
            String gtin = Objects.requireNonNull(first.change().claimedGtin());
            return new SetAside.GtinTaken(gtin, Objects.requireNonNull(owners.get(gtin)).product);
        }
    }
}
