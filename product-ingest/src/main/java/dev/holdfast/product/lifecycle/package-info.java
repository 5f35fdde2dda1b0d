/**
 * The life of a product beside its vendor's messages: deleted and restored by hand, archived when it was deleted long ago,
 * its versions shown, and what is too old dropped.
 *
 * <p>Each such change is a version of its own: it raises the row's version by one, puts what it replaces into the history
 * or the archive and tells others, in one transaction. It leaves the vendor's version and the hash of the vendor's last
 * message alone, so that a copy of that message stays a duplicate and the vendor's next one wins.
 */
@NullMarked
package dev.holdfast.product.lifecycle;

import org.jspecify.annotations.NullMarked;
