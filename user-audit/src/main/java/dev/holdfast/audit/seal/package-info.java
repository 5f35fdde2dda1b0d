/**
 * Puts events into a tree that only grows, signs what it has become, and proves that an event is in it.
 *
 * <p>Off the path of those who write: their transaction leaves the hash of its event in a queue. The queue is drained by
 * presence, never by a cursor, so an event whose transaction commits late is sealed late, and never skipped. Leaves are numbered
 * without gaps, and a user's versions rise with them.
 */
@NullMarked
package dev.holdfast.audit.seal;

import org.jspecify.annotations.NullMarked;
