package dev.holdfast.audit.timeline;

import dev.holdfast.audit.email.EmailHistory.Disclosed;
import dev.holdfast.audit.email.EmailHistory.State;
import dev.holdfast.audit.email.Moments;
import java.time.Instant;
import java.util.List;

/**
 * What was read for the page.
 *
 * @param drawn the versions that were asked for
 * @param readable false when an address cannot be decrypted, because somebody has changed it
 */
record Look(State state, Versions drawn, List<Disclosed> events, Moments moments, Instant now, boolean readable) {}
