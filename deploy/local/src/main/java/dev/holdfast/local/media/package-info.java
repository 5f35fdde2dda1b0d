/**
 * Backup and recovery of the service {@code media}, whose images are in two places: rows in the database, and bytes there or in files.
 *
 * <p>A backup that is whole has the bytes of each row in it; it is whole when its manifest is there, which is written last. A restore
 * checks all of a backup before it touches anything, puts the bytes in their place before the rows, and ends when each row has its
 * bytes. What happened to people and products since the backup is read from Kafka again, so nobody who was forgotten comes back.
 */
@NullMarked
package dev.holdfast.local.media;

import org.jspecify.annotations.NullMarked;
