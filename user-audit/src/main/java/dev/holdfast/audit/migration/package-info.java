/**
 * What migrations do beyond SQL.
 */
@NullMarked
package dev.holdfast.audit.migration;

import org.jspecify.annotations.NullMarked;
