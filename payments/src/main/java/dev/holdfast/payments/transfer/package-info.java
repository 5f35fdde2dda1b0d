/**
 * Transfers: lock the accounts in one order, decide in memory, write set-wise, commit once.
 *
 * <p>The order of the checks is that of {@link dev.holdfast.payments.transfer.TransferRules}: who may, then what this id
 * was answered before, then the accounts, then the money.
 */
@NullMarked
package dev.holdfast.payments.transfer;

import org.jspecify.annotations.NullMarked;
