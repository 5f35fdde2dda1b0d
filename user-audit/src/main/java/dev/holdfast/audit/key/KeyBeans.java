package dev.holdfast.audit.key;

import dev.holdfast.audit.AuditConfig;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Wires the keys of the configuration. */
class KeyBeans {
    @Produces
    @Singleton
    KeyRing keyRing(AuditConfig config) {
        return KeyRing.of(config.keys());
    }

    @Produces
    @Singleton
    UserKeys userKeys(KeyRing ring, Clock clock) {
        return new UserKeys(ring, clock);
    }

    /** On time, whether anybody asks or not. */
    @Singleton
    static class Sweep {
        private final UserKeys keys;

        Sweep(UserKeys keys) {
            this.keys = keys;
        }

        @Scheduled(every = "30s")
        void run() {
            keys.forgetOld();
        }
    }

    @Produces
    @Singleton
    BlindIndex blindIndex(AuditConfig config) {
        return BlindIndex.of(config.keys());
    }
}
