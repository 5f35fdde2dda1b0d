package dev.holdfast.product.feed;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/** Among messages that shall wait, a version of a product waits once; the first one stays. */
final class WaitingLine {
    private WaitingLine() {}

    /** A message that waits already. */
    record Waiting(String product, long version, Buffer contentHash) {}

    private record Version(String product, long version) {}

    /**
     * Takes copies, and what contradicts the first, out of the queue.
     *
     * @param setAside changed in place
     * @param waiting of the products in question
     */
    static void waitOnce(Map<FeedMessage, SetAside> setAside, Collection<Waiting> waiting) {
        var first = new HashMap<Version, Buffer>();
        waiting.forEach(wait -> first.put(new Version(wait.product(), wait.version()), wait.contentHash()));
        var ordered = new ArrayList<>(setAside.keySet());
        ordered.sort(Comparator.comparingLong(FeedMessage::offset));
        for (FeedMessage message : ordered) {
            ProductChange change = message.change();
            Buffer earlier = first.putIfAbsent(new Version(change.id(), change.version()), change.contentHash());
            if (earlier != null) {
                setAside.put(
                        message,
                        earlier.equals(change.contentHash())
                                ? new SetAside.WaitsAlready()
                                : new SetAside.ConflictsWithWaiting());
            }
        }
    }
}
