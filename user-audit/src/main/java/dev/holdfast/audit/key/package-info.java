/**
 * Keys: one per user, wrapped by one of the configuration. What is encrypted with a user's key is forgotten when the key is.
 */
@NullMarked
package dev.holdfast.audit.key;

import org.jspecify.annotations.NullMarked;
