/**
 * Who images belong to. Users own theirs, operators act for all. Owners come and go on topics: a user who has been erased has no image,
 * ever again; a product that has been archived loses those that it had by then.
 */
@NullMarked
package dev.holdfast.media.owner;

import org.jspecify.annotations.NullMarked;
