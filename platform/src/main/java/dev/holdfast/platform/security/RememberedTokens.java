package dev.holdfast.platform.security;

import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipalFactory;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Verifies each bearer token once a minute instead of with each request: a signature takes longer than all else that is done for
 * who may. A token says the same for as long as it lives, and after its end it is not believed here either; a key that the issuer
 * withdraws is believed for a minute longer.
 */
@ApplicationScoped
@Alternative
@Priority(1)
class RememberedTokens extends DefaultJWTCallerPrincipalFactory {
    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(1);
    /** Of a few kilobytes each; the one that was not used for longest goes. */
    private static final int TOKENS_MAX = 2_000;

    private final Clock clock;
    private final Map<String, Remembered> tokens = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Remembered> eldest) {
            return size() > TOKENS_MAX;
        }
    };

    RememberedTokens(Clock clock) {
        this.clock = clock;
    }

    private record Remembered(JWTCallerPrincipal principal, long untilSeconds) {}

    @Override
    public JWTCallerPrincipal parse(String token, JWTAuthContextInfo context) throws ParseException {
        long now = clock.instant().getEpochSecond();
        synchronized (tokens) {
            Remembered known = tokens.get(token);
            if (known != null && now < known.untilSeconds()) {
                return known.principal();
            }
        }
        JWTCallerPrincipal principal = super.parse(token, context);
        long until = Math.min(principal.getExpirationTime(), now + REMEMBERED_FOR.toSeconds());
        synchronized (tokens) {
            tokens.put(token, new Remembered(principal, until));
        }
        return principal;
    }
}
