/** The history of e-mail addresses beside what one would keep it with instead. */
@NullMarked
package dev.holdfast.bench.audit;

import org.jspecify.annotations.NullMarked;
