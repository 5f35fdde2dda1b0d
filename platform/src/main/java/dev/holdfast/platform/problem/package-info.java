/**
 * Errors at the HTTP edge as RFC 9457 problem details: a stable {@code type}, what is wrong, and what to change.
 */
@NullMarked
package dev.holdfast.platform.problem;

import org.jspecify.annotations.NullMarked;
