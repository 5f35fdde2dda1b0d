package dev.holdfast.testkit;

import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.util.KeyUtils;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.Set;

/** Bearer tokens as {@code make token} prints them: signed with the development key. */
public final class Tokens {
    public static final String ISSUER = "https://holdfast.local";

    private Tokens() {}

    /** @param roles become the claim {@code groups} */
    public static String of(String subject, String... roles) {
        return Jwt.issuer(ISSUER)
                .subject(subject)
                .upn(subject)
                .groups(Set.of(roles))
                .expiresIn(Duration.ofHours(1))
                .sign(developmentKey());
    }

    private static PrivateKey developmentKey() {
        try {
            return KeyUtils.readPrivateKey("/dev-private-key.pem");
        } catch (IOException | GeneralSecurityException missing) {
            throw new IllegalStateException("The development key cannot be read", missing);
        }
    }
}
