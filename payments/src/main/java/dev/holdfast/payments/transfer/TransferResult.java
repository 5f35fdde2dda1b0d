package dev.holdfast.payments.transfer;

/** What became of a request. */
public sealed interface TransferResult {
    /** It happened now. */
    record Posted(RecordedTransfer transfer) implements TransferResult {}

    /** It happened before, under the same id with the same content. */
    record Exists(RecordedTransfer transfer) implements TransferResult {}

    /**
     * It does not happen.
     *
     * @param repeated it was refused before, with the same content, for this reason
     */
    record Refused(Refusal refusal, boolean repeated) implements TransferResult {}

    /** The caller may not do this; nothing is recorded, so that nobody can spoil an id of others. */
    record Forbidden(long account) implements TransferResult {}
}
