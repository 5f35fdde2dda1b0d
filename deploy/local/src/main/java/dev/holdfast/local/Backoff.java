package dev.holdfast.local;

import java.time.Duration;

/**
 * How long to wait before a child that died is started again: 1 s, 2 s, 4 s … 30 s, and from 1 s again once it has lived for 60 s.
 * A child that cannot live then costs little, and one that died of a passing cause is soon back.
 */
final class Backoff {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration HEALTHY_AFTER = Duration.ofSeconds(60);

    private Duration next = FIRST;

    Duration afterLiving(Duration lifetime) {
        Duration delay = lifetime.compareTo(HEALTHY_AFTER) >= 0 ? FIRST : next;
        Duration doubled = delay.multipliedBy(2);
        next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        return delay;
    }
}
