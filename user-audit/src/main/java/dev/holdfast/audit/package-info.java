/**
 * Users, and the history of their e-mail addresses.
 *
 * <p>Each change of an address is an event that nobody can alter unseen; the state at any past moment can be asked for at the
 * same cost however often it changed; and a person can be forgotten without breaking the proof for everyone else.
 */
@NullMarked
package dev.holdfast.audit;

import org.jspecify.annotations.NullMarked;
