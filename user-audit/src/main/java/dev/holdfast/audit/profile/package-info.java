/**
 * What a user says of themself and edits: name, phone number, address, preferences. Never the e-mail address, which has a history.
 *
 * <p>This is where the boundary between the wire, the rules and the database can be read: a {@code Profile} comes from and goes to
 * the wire and is checked whole before anything is written; the entity never leaves this package.
 */
@NullMarked
package dev.holdfast.audit.profile;

import org.jspecify.annotations.NullMarked;
