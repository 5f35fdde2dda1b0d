/** What the catalogue shows: live products, and nothing else. */
@NullMarked
package dev.holdfast.product.catalogue;

import org.jspecify.annotations.NullMarked;
