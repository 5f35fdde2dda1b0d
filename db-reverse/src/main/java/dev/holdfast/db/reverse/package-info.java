/**
 * Models from a schema that others own: migrates a database of its own with their scripts, reads what came of it, and
 * writes typed jOOQ tables, enums of code tables and a page that maps their names to ours. Nothing is guessed: a table
 * or column without a naming rule fails the build, and so does a rule that fits nothing.
 */
@NullMarked
package dev.holdfast.db.reverse;

import org.jspecify.annotations.NullMarked;
