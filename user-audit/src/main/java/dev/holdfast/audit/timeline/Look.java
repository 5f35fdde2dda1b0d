package dev.holdfast.audit.timeline;

import dev.holdfast.audit.email.EmailHistory.Disclosed;
import dev.holdfast.audit.email.EmailHistory.State;
import dev.holdfast.audit.email.Moments;
import java.time.Instant;
import java.util.List;

/**
 * What was read for the page.
 *
 * @param readable false when an address cannot be decrypted, because somebody has changed it
 */
record Look(State state, List<Disclosed> events, Moments moments, Instant now, boolean readable) {}
