/** What is kept, and for how long: events for ever, who read about whom for some years, of old checkpoints one of many. */
@NullMarked
package dev.holdfast.audit.retention;

import org.jspecify.annotations.NullMarked;
