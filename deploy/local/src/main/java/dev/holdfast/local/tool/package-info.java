/** What a person needs to try the local cluster by hand: a token, and messages on a topic. Bad input is refused with what to change. */
@NullMarked
package dev.holdfast.local.tool;

import org.jspecify.annotations.NullMarked;
