/**
 * An at-least-once delivery takes effect once: what was consumed is stored in the transaction of its effect. What cannot be used
 * is set aside, and what cannot be used yet waits.
 */
@NullMarked
package dev.holdfast.platform.inbox;

import org.jspecify.annotations.NullMarked;
