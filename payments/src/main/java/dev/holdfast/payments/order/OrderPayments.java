package dev.holdfast.payments.order;

import dev.holdfast.payments.account.AccountService;
import dev.holdfast.payments.transfer.Reason;
import dev.holdfast.payments.transfer.Transfer;
import dev.holdfast.payments.transfer.TransferIds;
import dev.holdfast.payments.transfer.TransferResult;
import dev.holdfast.payments.transfer.Transfers;
import dev.holdfast.platform.inbox.UnusableRecordException;
import io.smallrye.mutiny.Uni;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The money of orders. Safe to be told the same twice: the ids follow from the order's, and a transfer that has happened is
 * answered and not done again.
 */
final class OrderPayments {
    private static final String ORDER_REFERENCE = "order:";
    private static final String REFUND_REFERENCE = "refund:";

    private final AccountService accounts;
    private final Transfers transfers;
    private final String merchant;

    /** @param merchant owner of the accounts that orders are paid to, one per currency */
    OrderPayments(AccountService accounts, Transfers transfers, String merchant) {
        this.accounts = accounts;
        this.transfers = transfers;
        this.merchant = merchant;
    }

    Uni<Void> receive(OrderEvent event) {
        return switch (event) {
            case OrderEvent.Placed placed -> pay(placed);
            case OrderEvent.Cancelled cancelled -> release(cancelled.orderId());
            case OrderEvent.RefundDue due -> refund(due);
        };
    }

    /** Holds first, then takes: a customer who cannot pay is refused before anything moves. What costs nothing is posted. */
    private Uni<Void> pay(OrderEvent.Placed order) {
        return Uni.combine()
                .all()
                .unis(
                        accounts.payingAccount(order.customer(), order.currency()),
                        accounts.payingAccountOrNew(
                                merchant, order.currency(), "merchant %s %s".formatted(merchant, order.currency())))
                .asTuple()
                .chain(found -> {
                    Long customer = found.getItem1().orElse(null);
                    long till = found.getItem2();
                    return order.totalMinor() == 0 && customer != null
                            ? transfers
                                    .execute(Transfer.post(
                                                    captureOf(order.orderId()), customer, till, 0, order.currency())
                                            .withReference(reference(order.orderId())))
                                    .replaceWithVoid()
                            : holdAndTake(order, customer, till);
                });
    }

    private Uni<Void> holdAndTake(OrderEvent.Placed order, @Nullable Long customer, long till) {
        UUID hold = holdOf(order.orderId());
        return transfers
                .execute(Transfer.hold(hold, customer, till, order.totalMinor(), order.currency(), order.dueAt())
                        .withReference(reference(order.orderId())))
                .chain(held -> isThere(held)
                        ? take(order.orderId(), hold)
                        : Uni.createFrom().voidItem());
    }

    /** What cannot be taken is given back; the refusal cancels the order. */
    private Uni<Void> take(UUID order, UUID hold) {
        return transfers
                .execute(Transfer.capture(captureOf(order), hold, null).withReference(reference(order)))
                .chain(taken -> isThere(taken) ? Uni.createFrom().voidItem() : release(order));
    }

    private Uni<Void> release(UUID order) {
        return transfers
                .execute(Transfer.voidHold(TransferIds.following(order, "void"), holdOf(order)))
                .replaceWithVoid();
    }

    /**
     * Once, whoever asks how often. What cannot go back now is set aside for people: another event about it, once it can, has
     * another id and so another transfer.
     */
    private Uni<Void> refund(OrderEvent.RefundDue due) {
        UUID id = TransferIds.following(due.transferId(), "refund " + due.eventId());
        return transfers
                .execute(Transfer.reverse(id, due.transferId()).withReference(REFUND_REFERENCE + due.orderId()))
                .invoke(result -> {
                    if (result instanceof TransferResult.Refused refused
                            && refused.refusal().reason() != Reason.REVERSED_BEFORE) {
                        throw new UnusableRecordException(
                                "refund_refused",
                                "Transfer %s cannot go back: %s. Mend that, and send the event again with a new ce_id."
                                        .formatted(
                                                due.transferId(),
                                                refused.refusal().reason().word()));
                    }
                })
                .replaceWithVoid();
    }

    private static boolean isThere(TransferResult result) {
        return result instanceof TransferResult.Posted || result instanceof TransferResult.Exists;
    }

    private static UUID holdOf(UUID order) {
        return TransferIds.following(order, "hold");
    }

    private static UUID captureOf(UUID order) {
        return TransferIds.following(order, "capture");
    }

    private static String reference(UUID order) {
        return ORDER_REFERENCE + order;
    }
}
