/**
 * Forgetting: the user's key is destroyed, and with it every address of the history; the history itself, and the proofs of
 * everyone, stay. One person asks, another confirms; a legal hold is in the way of both.
 */
@NullMarked
package dev.holdfast.audit.erasure;

import org.jspecify.annotations.NullMarked;
