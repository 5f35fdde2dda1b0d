/** The cluster on one machine, without Docker. */
@NullMarked
package dev.holdfast.local;

import org.jspecify.annotations.NullMarked;
