/**
 * What an account had, and what happened to it: now, as of a moment at which it was recorded, and as of a moment from which
 * it counts. By descending an index, not by adding up.
 */
@NullMarked
package dev.holdfast.payments.statement;

import org.jspecify.annotations.NullMarked;
