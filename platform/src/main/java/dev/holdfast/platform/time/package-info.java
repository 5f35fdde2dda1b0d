/**
 * The clock that everything else is given.
 */
@NullMarked
package dev.holdfast.platform.time;

import org.jspecify.annotations.NullMarked;
