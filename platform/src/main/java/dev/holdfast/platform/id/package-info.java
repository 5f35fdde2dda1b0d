/**
 * Identifiers that sort by the time they were made.
 */
@NullMarked
package dev.holdfast.platform.id;

import org.jspecify.annotations.NullMarked;
