/**
 * The race laboratory: the same load under eight ways to move money, with the verdict, and for a violation the schedule that
 * led to it. For learning and for showing; play money in a schema of its own, and off unless it is switched on.
 */
@NullMarked
package dev.holdfast.payments.lab;

import org.jspecify.annotations.NullMarked;
