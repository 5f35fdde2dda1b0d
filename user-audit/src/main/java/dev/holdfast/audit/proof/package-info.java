/**
 * Proof that nobody altered the history. An event's hash covers its content and the hash of the same user's previous
 * event; all events are the leaves of one Merkle tree, whose root is signed. Nothing here reads or waits, but for
 * {@code Verify}, which is given a file: the service and whoever trusts nothing but a public key run the same code.
 */
@NullMarked
package dev.holdfast.audit.proof;

import org.jspecify.annotations.NullMarked;
