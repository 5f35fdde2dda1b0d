/**
 * Events leave in the order in which their aggregate changed, and none is lost: an event is a row written in the transaction of the change it tells of; a relay sends it afterwards. A crash can send an event twice, never before an earlier one of its aggregate.
 */
@NullMarked
package dev.holdfast.platform.outbox;

import org.jspecify.annotations.NullMarked;
