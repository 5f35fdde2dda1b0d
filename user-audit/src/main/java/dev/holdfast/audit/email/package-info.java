/**
 * The history of users' e-mail addresses, as events that are only ever added to.
 *
 * <p>Two times: when something was recorded, and since when it is so. At a valid time counts the event with the latest valid
 * time before it; of several with the same one, the latest recorded. A correction is an event like any other: it replaces the
 * belief from its valid time up to the next event's, and the belief of before can still be asked for.
 */
@NullMarked
package dev.holdfast.audit.email;

import org.jspecify.annotations.NullMarked;
