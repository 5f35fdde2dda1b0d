/**
 * Takes product feeds in and keeps the catalogue.
 *
 * <p>Whatever order, number of copies and number of vendors a feed arrives with, the catalogue ends in the same state:
 * the newest version of each product that each vendor sent. Each message has exactly one {@link
 * dev.holdfast.product.feed.Outcome outcome}; its effect, its outcome's count, the events it causes and the position in
 * the feed are one transaction. No message disappears, and no bad message stops a good one.
 */
@NullMarked
package dev.holdfast.product;

import org.jspecify.annotations.NullMarked;
