package dev.holdfast.product.feed;

import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The changes of a batch turned on their side: an array per column, as {@code unnest} takes them. */
final class ChangeColumns {
    private final String[] vendors;
    private final String[] skus;
    private final Long[] versions;
    private final Boolean[] leads;
    private final String[] states;
    private final @Nullable String[] gtins;
    private final String[] names;
    private final Long[] prices;
    private final String[] currencies;
    private final String[] attributes;
    private final Buffer[] hashes;
    private final @Nullable String[] traceparents;
    private final @Nullable Long[] offsets;

    private ChangeColumns(int size) {
        vendors = new String[size];
        skus = new String[size];
        versions = new Long[size];
        leads = new Boolean[size];
        states = new String[size];
        gtins = new @Nullable String[size];
        names = new String[size];
        prices = new Long[size];
        currencies = new String[size];
        attributes = new String[size];
        hashes = new Buffer[size];
        traceparents = new @Nullable String[size];
        offsets = new @Nullable Long[size];
    }

    /**
     * @param messages that carry a {@link ProductChange}, in the order of their offsets
     * @param withOffsets false when their offsets are of no partition
     */
    static ChangeColumns of(List<FeedMessage> messages, boolean withOffsets) {
        Set<Integer> leaders = leaders(messages);
        var columns = new ChangeColumns(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            FeedMessage message = messages.get(i);
            columns.set(i, message.change(), leaders.contains(i), message.traceparent());
            columns.offsets[i] = withOffsets ? message.offset() : null;
        }
        return columns;
    }

    /** Per product the highest version, of equal ones the first: what one message at a time would end with. */
    private static Set<Integer> leaders(List<FeedMessage> messages) {
        Comparator<Integer> byVersion =
                Comparator.comparingLong(i -> messages.get(i).change().version());
        Map<String, Integer> leaders = HashMap.newHashMap(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            leaders.merge(messages.get(i).change().id(), i, (a, b) -> byVersion.compare(b, a) > 0 ? b : a);
        }
        return Set.copyOf(leaders.values());
    }

    private void set(int i, ProductChange change, boolean leader, @Nullable String traceparent) {
        vendors[i] = change.vendor();
        skus[i] = change.sku();
        versions[i] = change.version();
        leads[i] = leader;
        states[i] = change.deleted() ? "deleted" : "live";
        gtins[i] = change.gtin();
        names[i] = change.name();
        prices[i] = change.priceMinor();
        currencies[i] = change.currency();
        attributes[i] = change.attributes();
        hashes[i] = change.contentHash();
        traceparents[i] = traceparent;
    }

    void addTo(Tuple parameters) {
        parameters
                .addArrayOfString(vendors)
                .addArrayOfString(skus)
                .addArrayOfLong(versions)
                .addArrayOfBoolean(leads)
                .addArrayOfString(states)
                .addArrayOfString(gtins)
                .addArrayOfString(names)
                .addArrayOfLong(prices)
                .addArrayOfString(currencies)
                .addArrayOfString(attributes)
                .addValue(hashes)
                .addArrayOfString(traceparents)
                .addArrayOfLong(offsets);
    }
}
