/**
 * Who calls, and what belongs to them.
 */
@NullMarked
package dev.holdfast.platform.security;

import org.jspecify.annotations.NullMarked;
