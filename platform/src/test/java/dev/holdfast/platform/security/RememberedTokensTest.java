package dev.holdfast.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.local.tool.Token;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.ParseException;
import io.smallrye.jwt.util.KeyUtils;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RememberedTokensTest {
    private static final Duration LIFETIME = Duration.ofHours(12);

    private final SetClock clock = new SetClock();
    private final RememberedTokens tokens = new RememberedTokens(clock);
    private final String token = new Token("ada", List.of("operator")).signed(clock.instant());
    private JWTAuthContextInfo context = new JWTAuthContextInfo();

    @BeforeEach
    void trustTheDevelopmentKey() throws Exception {
        context = new JWTAuthContextInfo(KeyUtils.readPublicKey("/dev-public-key.pem"), "https://holdfast.local");
    }

    @Test
    void verifiesAgainAfterAMinuteAndNotBefore() throws ParseException {
        // Given
        var first = tokens.parse(token, context);

        // When / Then
        assertThat(tokens.parse(token, context)).isSameAs(first);
        clock.now = clock.now.plusSeconds(59);
        assertThat(tokens.parse(token, context)).isSameAs(first);
        clock.now = clock.now.plusSeconds(2);
        assertThat(tokens.parse(token, context)).isNotSameAs(first);
        assertThat(first.getGroups()).containsExactly("operator");
    }

    @Test
    void doesNotBelieveARememberedTokenAfterItsEnd() throws ParseException {
        // Given a token that ends in ten seconds
        String ending = new Token("ada", List.of())
                .signed(clock.instant().minus(LIFETIME).plusSeconds(10));
        var first = tokens.parse(ending, context);

        // When
        clock.now = clock.now.plusSeconds(11);

        // Then it is looked at again
        assertThat(tokens.parse(ending, context)).isNotSameAs(first);
    }

    @Test
    void knowsAForgedOneBesideTheTrueOne() throws ParseException {
        // Given
        tokens.parse(token, context);
        String forged = token.substring(0, token.length() - 8) + "AAAAAAAA";

        // When / Then
        assertThatThrownBy(() -> tokens.parse(forged, context)).isInstanceOf(ParseException.class);
    }

    private static final class SetClock extends Clock {
        private Instant now = Instant.now();

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
