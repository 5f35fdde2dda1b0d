/**
 * Transactions on PostgreSQL: failures are classed once by SQLSTATE, and a retry wraps a whole transaction, never a part of it.
 */
@NullMarked
package dev.holdfast.platform.postgres;

import org.jspecify.annotations.NullMarked;
