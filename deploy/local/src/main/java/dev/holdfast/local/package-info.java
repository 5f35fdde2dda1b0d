/**
 * The cluster on one machine, without Docker: a real PostgreSQL, a real Kafka broker and the services, as child processes.
 *
 * <p>It guarantees that data outlives the processes: whatever is killed, the next start finds the same directories, stops what
 * is left over and loses nothing that was acknowledged. It never kills a process of which it is not sure that it is its own.
 */
@NullMarked
package dev.holdfast.local;

import org.jspecify.annotations.NullMarked;
