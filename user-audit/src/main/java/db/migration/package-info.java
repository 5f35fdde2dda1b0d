/**
 * Migrations that SQL cannot do; Flyway finds them by this package and their names.
 */
@NullMarked
package db.migration;

import org.jspecify.annotations.NullMarked;
