/** Whatever order, number of copies and number of vendors a feed arrives with, the catalogue ends in the same state. */
@NullMarked
package dev.holdfast.product;

import org.jspecify.annotations.NullMarked;
