/**
 * CloudEvents in Kafka's binary mode, and the trace that travels with them.
 */
@NullMarked
package dev.holdfast.platform.event;

import org.jspecify.annotations.NullMarked;
