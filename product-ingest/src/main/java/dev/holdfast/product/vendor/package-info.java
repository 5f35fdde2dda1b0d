/**
 * Whose messages are taken. The vendor master belongs to its DBAs; this package reads it, through models that are
 * generated from its migrated schema (naming rules in {@code src/main/vendor-master/naming.yaml}, mapping in {@code
 * docs/mapping/vendor-master.md}).
 *
 * <p>All vendors are held in memory, so that looking one up costs nothing and the feed goes on when the vendor master
 * does not answer: the last snapshot that could be read stays. Without a first one the service
 * does not start.
 */
@NullMarked
package dev.holdfast.product.vendor;

import org.jspecify.annotations.NullMarked;
