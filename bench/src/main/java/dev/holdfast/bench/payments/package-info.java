/** Payments beside what one would write instead. */
@NullMarked
package dev.holdfast.bench.payments;

import org.jspecify.annotations.NullMarked;
