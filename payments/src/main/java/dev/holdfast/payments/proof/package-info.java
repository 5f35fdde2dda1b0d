/**
 * Proves, again and again, that no money was made or lost: all balances of a currency sum to zero, and each account's counters
 * are what its entries come to, without a gap. What has been proven is not read again. An account that fails is frozen; the
 * others go on.
 */
@NullMarked
package dev.holdfast.payments.proof;

import org.jspecify.annotations.NullMarked;
