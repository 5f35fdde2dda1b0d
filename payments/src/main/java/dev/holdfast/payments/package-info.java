/**
 * Moves money between accounts.
 *
 * <p>Money is neither made nor lost: every transfer debits one account and credits another with the same amount, so the
 * balances of a currency sum to zero at every moment. No account passes its limit, whatever happens at once. Each transfer
 * id has one outcome for ever, also when it was refused and also when the reply got lost.
 */
@NullMarked
package dev.holdfast.payments;

import org.jspecify.annotations.NullMarked;
