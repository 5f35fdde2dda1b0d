/**
 * How a user comes: a row, a key and the first event of a history, in one transaction.
 */
@NullMarked
package dev.holdfast.audit.registration;

import org.jspecify.annotations.NullMarked;
