package dev.holdfast.audit.key;

import static dev.holdfast.audit.AuditFixture.CONFIG;
import static dev.holdfast.audit.AuditFixture.KEYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.audit.AuditConfig;
import dev.holdfast.audit.proof.Ciphertext;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class UserKeysTest {
    private static final UUID ADA = UUID.randomUUID();
    private static final UUID BOB = UUID.randomUUID();
    private static final UUID EVENT = UUID.randomUUID();
    private static final byte[] PLAIN = "ada@example.org".getBytes(StandardCharsets.UTF_8);

    private final WrappedKey wrapped = KEYS.create(ADA);

    /** The configuration after a new wrapping key has come. */
    private record Rotated(AuditConfig.Keys before, Map<String, String> wrapping) implements AuditConfig.Keys {
        @Override
        public String current() {
            return "second";
        }

        @Override
        public String lookup() {
            return before.lookup();
        }
    }

    @Test
    void theSameContentInTheSamePlaceIsTheSameCiphertextAndOnlyThere() {
        // Given
        UserKey key = KEYS.unwrap(ADA, wrapped);
        Ciphertext sealed = key.encrypt(3, EVENT, PLAIN);

        // When / Then
        assertThat(KEYS.unwrap(ADA, wrapped).encrypt(3, EVENT, PLAIN)).isEqualTo(sealed);
        assertThat(key.encrypt(4, EVENT, PLAIN)).isNotEqualTo(sealed);
        assertThat(key.encrypt(3, UUID.randomUUID(), PLAIN)).isNotEqualTo(sealed);
        assertThat(key.decrypt(3, sealed)).isEqualTo(PLAIN);
        assertThatThrownBy(() -> key.decrypt(4, sealed)).isInstanceOf(WrongKeyException.class);
    }

    @Test
    void aKeyIsOfItsUserAlone() {
        assertThatThrownBy(() -> KEYS.unwrap(BOB, wrapped)).isInstanceOf(WrongKeyException.class);
    }

    @Test
    void aKeyCanBeWrappedAnewAndTheOldWrappingKeyBeTakenAway() {
        // Given
        Ciphertext sealed = KEYS.unwrap(ADA, wrapped).encrypt(1, EVENT, PLAIN);
        KeyRing both = KeyRing.of(new Rotated(CONFIG.keys(), CONFIG.keys().wrapping()));

        // When
        WrappedKey rewrapped = both.rewrap(ADA, wrapped);

        // Then
        KeyRing newOne = KeyRing.of(new Rotated(
                CONFIG.keys(), Map.of("second", CONFIG.keys().wrapping().getOrDefault("second", ""))));
        assertThat(newOne.unwrap(ADA, rewrapped).decrypt(1, sealed)).isEqualTo(PLAIN);
        assertThatThrownBy(() -> newOne.unwrap(ADA, wrapped))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("audit.keys.wrapping.first");
    }

    @Test
    void aKeyIsRememberedForAMinuteAndNotWhenItWasNeverCommitted() {
        // Given
        Instant now = Instant.now();
        var keys = new UserKeys(KEYS, Clock.fixed(now, ZoneOffset.UTC));

        // When
        keys.unwrapUncommitted(ADA, wrapped);
        assertThat(keys.remembered(ADA)).isEmpty();
        UserKey key = keys.unwrap(ADA, wrapped);

        // Then
        assertThat(keys.remembered(ADA)).containsSame(key);
        keys.forget(ADA);
        assertThat(keys.remembered(ADA)).isEmpty();
    }

    @Test
    void aKeyThatNobodyAsksForAgainIsGoneFromMemory() {
        // Given
        var now = new AtomicReference<>(Instant.now());
        InstantSource clock = now::get;
        var keys = new UserKeys(KEYS, clock.withZone(ZoneOffset.UTC));
        var key = new WeakReference<>(keys.unwrap(ADA, wrapped));

        // When
        now.updateAndGet(moment -> moment.plusSeconds(61));
        keys.forgetOld();

        // Then
        Awaitility.await().untilAsserted(() -> {
            System.gc();
            assertThat(key.refersTo(null)).isTrue();
        });
    }

    @Test
    void aWrongKeyInTheConfigurationIsNamed() {
        assertThatThrownBy(() -> KeyRing.of(new Rotated(CONFIG.keys(), Map.of("second", "c2hvcnQ="))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("audit.keys.wrapping.second")
                .hasMessageContaining("openssl rand");
        assertThatThrownBy(() -> KeyRing.of(new Rotated(CONFIG.keys(), Map.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("audit.keys.current");
    }
}
