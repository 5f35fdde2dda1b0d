package dev.holdfast.audit.email;

/**
 * Who reads about somebody else, and why. Kept for as long as the history.
 *
 * @param purpose in the reader's own words, 1 to 200 characters
 */
public record ReadNote(String reader, String purpose) {}
