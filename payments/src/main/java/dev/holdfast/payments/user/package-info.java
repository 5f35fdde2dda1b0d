/** Users come and go: whoever registers has an account, and nobody can tell any more whose it was once a user is erased. */
@NullMarked
package dev.holdfast.payments.user;

import org.jspecify.annotations.NullMarked;
