/**
 * Orders, from the price that was shown to the money that came.
 *
 * <p>An order is a saga without a conductor: it is placed here and told on {@code order.events}; payments moves the
 * money or refuses, and tells on {@code payment.events}; here it becomes confirmed or cancelled. Nothing waits for
 * anything: an order that hears nothing in time is cancelled, and money that comes for an order that no longer takes it
 * is noted, so that it can go back. Every change locks the order's row, gives it its next version, and is written with
 * its history and its event in one transaction.
 */
@NullMarked
package dev.holdfast.product.order;

import org.jspecify.annotations.NullMarked;
