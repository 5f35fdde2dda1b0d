/** What every service needs, with no domain noun in it. */
@NullMarked
package dev.holdfast.platform;

import org.jspecify.annotations.NullMarked;
