package dev.holdfast.payments.transfer;

/** What became of a request. */
public sealed interface TransferResult {
    /**
     * It happened now.
     *
     * @param sides whose balance the caller may see
     */
    record Posted(RecordedTransfer transfer, Sides sides) implements TransferResult {
        Posted(RecordedTransfer transfer) {
            this(transfer, Sides.BOTH);
        }
    }

    /**
     * It happened before, under the same id with the same content.
     *
     * @param sides whose balance the caller may see
     */
    record Exists(RecordedTransfer transfer, Sides sides) implements TransferResult {
        Exists(RecordedTransfer transfer) {
            this(transfer, Sides.BOTH);
        }
    }

    /**
     * It does not happen.
     *
     * @param repeated it was refused before, with the same content, for this reason
     */
    record Refused(Refusal refusal, boolean repeated) implements TransferResult {}

    /** The caller may not do this; nothing is recorded, so that nobody can spoil an id of others. */
    record Forbidden(long account) implements TransferResult {}
}
