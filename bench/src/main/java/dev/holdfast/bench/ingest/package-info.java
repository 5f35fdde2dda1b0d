/** How fast a vendor feed reaches the catalogue. */
@NullMarked
package dev.holdfast.bench.ingest;

import org.jspecify.annotations.NullMarked;
