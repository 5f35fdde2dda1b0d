/**
 * Pages for people. A browser signs in with the token that programs send, and keeps it in a cookie; what goes wrong is a page for
 * who asked for one; nothing that is loaded comes from elsewhere.
 */
@NullMarked
package dev.holdfast.platform.page;

import org.jspecify.annotations.NullMarked;
