/**
 * Accounts and their settings. Money is moved by {@code transfer} alone; settings are edited under a version counter, so
 * that of two people who edit at once one is told.
 */
@NullMarked
package dev.holdfast.payments.account;

import org.jspecify.annotations.NullMarked;
