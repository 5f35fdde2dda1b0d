/**
 * Pays orders: an order that was placed holds the customer's money and moves it to the shop, or is refused, which cancels it.
 * Every transfer has an id that follows from the order, so an event that comes twice pays once.
 */
@NullMarked
package dev.holdfast.payments.order;

import org.jspecify.annotations.NullMarked;
