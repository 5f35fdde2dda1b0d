/**
 * An at-least-once delivery takes effect once: what was consumed is stored in the transaction of its effect.
 */
@NullMarked
package dev.holdfast.platform.inbox;

import org.jspecify.annotations.NullMarked;
