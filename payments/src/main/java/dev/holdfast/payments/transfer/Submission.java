package dev.holdfast.payments.transfer;

import dev.holdfast.platform.event.Traces;
import dev.holdfast.platform.security.Caller;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one caller asks for at once, in this order. A chain lies within one submission.
 *
 * @param traceparent of the request, for the event of what it asks for; none for many at once, whose events it would only swell
 */
public record Submission(
        Caller caller, List<Transfer> transfers, @Nullable String traceparent) {
    public Submission {
        transfers = List.copyOf(transfers);
    }

    /** Asked for by the request at hand. */
    Submission(Caller caller, List<Transfer> transfers) {
        this(caller, transfers, transfers.size() == 1 ? Traces.current() : null);
    }

    static Submission of(Caller caller, Transfer transfer) {
        return new Submission(caller, List.of(transfer));
    }

    /** The same in pieces of about this size; a chain stays whole. */
    List<Submission> pieces(int size) {
        var pieces = new ArrayList<Submission>();
        for (int start = 0, end = 0; start < transfers.size(); start = end) {
            end = Math.min(start + size, transfers.size());
            while (end < transfers.size() && transfers.get(end - 1).linked()) {
                end++;
            }
            pieces.add(new Submission(caller, transfers.subList(start, end), traceparent));
        }
        return pieces;
    }
}
