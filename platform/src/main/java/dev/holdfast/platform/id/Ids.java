package dev.holdfast.platform.id;

import com.fasterxml.uuid.UUIDClock;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Random;
import java.util.UUID;

/**
 * UUIDs of version 7 (RFC 9562): milliseconds of the injected clock first, so that new rows land at the end of an
 * index, then random bits. Ids of one millisecond rise too. Safe for concurrent use.
 */
public final class Ids {
    private final TimeBasedEpochGenerator generator;

    public Ids(Clock clock, Random random) {
        generator = new TimeBasedEpochGenerator(random, new UUIDClock() {
            @Override
            public long currentTimeMillis() {
                return clock.millis();
            }
        });
    }

    public UUID next() {
        return generator.generate();
    }

    static class Bean {
        @Produces
        @Singleton
        @DefaultBean
        Ids ids(Clock clock) {
            return new Ids(clock, new SecureRandom());
        }
    }
}
