package dev.holdfast.payments.transfer;

import dev.holdfast.platform.security.Caller;
import io.smallrye.mutiny.Uni;
import java.util.Set;

/** Transfers that this service asks for by itself, with the rights of an operator. */
public final class Transfers {
    static final Caller SERVICE = new Caller("payments", Set.of(TransferRules.OPERATOR));

    private final TransferBatcher batcher;

    /** By identity: a token may have the same subject. */
    @SuppressWarnings("ReferenceEquality")
    static boolean areAskedForBy(Caller caller) {
        return caller == SERVICE;
    }

    Transfers(TransferBatcher batcher) {
        this.batcher = batcher;
    }

    /** Shares a batch with whatever else is asked for. */
    public Uni<TransferResult> execute(Transfer transfer) {
        return batcher.submit(Submission.of(SERVICE, transfer)).map(results -> results.getFirst());
    }
}
