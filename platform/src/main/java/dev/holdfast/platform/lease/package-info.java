/**
 * One holder at a time, and a holder that was replaced without noticing can change nothing: each grant raises an epoch that the holder's transactions check.
 */
@NullMarked
package dev.holdfast.platform.lease;

import org.jspecify.annotations.NullMarked;
