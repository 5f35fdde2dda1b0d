/** Calls that share a transaction: each is answered for itself, and none waits for company that is not there. */
@NullMarked
package dev.holdfast.platform.batch;

import org.jspecify.annotations.NullMarked;
