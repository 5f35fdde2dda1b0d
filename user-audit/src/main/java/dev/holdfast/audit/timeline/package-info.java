/**
 * The history of a user's addresses as a page where one looks rather than reads. It is drawn on the server, from what the API
 * answers too; what a picture shows, a table says.
 */
@NullMarked
package dev.holdfast.audit.timeline;

import org.jspecify.annotations.NullMarked;
