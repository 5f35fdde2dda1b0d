/**
 * The clock that everything else is given, and the end of what runs by it.
 */
@NullMarked
package dev.holdfast.platform.time;

import org.jspecify.annotations.NullMarked;
