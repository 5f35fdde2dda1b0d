/** Readiness that tells which part is missing, within two seconds whatever happens to it. */
@NullMarked
package dev.holdfast.platform.health;

import org.jspecify.annotations.NullMarked;
