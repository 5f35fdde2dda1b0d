/** What the outbox costs, and how fast it empties. */
@NullMarked
package dev.holdfast.bench.outbox;

import org.jspecify.annotations.NullMarked;
