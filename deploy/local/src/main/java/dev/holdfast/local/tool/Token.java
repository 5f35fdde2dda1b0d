package dev.holdfast.local.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Prints a bearer token, signed with the development key. Services accept that key in the profile {@code local} alone.
 *
 * @param subject who the caller is
 * @param roles what the caller may do
 */
public record Token(String subject, List<String> roles) {

    private static final String ISSUER = "https://holdfast.local";
    private static final Duration LIFETIME = Duration.ofHours(12);
    private static final String EXAMPLE = "For example: make token SUBJECT=me ROLES=operator";

    public static void main(String[] args) {
        try {
            System.out.println(read(System.getenv()).signed(Instant.now()));
        } catch (BadInputException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /** @throws BadInputException when there is no subject, or a role that cannot be one */
    static Token read(Map<String, String> environment) {
        String subject = environment.getOrDefault("SUBJECT", "").strip();
        if (subject.isEmpty()) {
            throw new BadInputException("SUBJECT is missing: who calls? " + EXAMPLE);
        }
        List<String> roles = Arrays.stream(environment.getOrDefault("ROLES", "").split(",", -1))
                .map(String::strip)
                .filter(role -> !role.isEmpty())
                .toList();
        for (String role : roles) {
            if (!role.matches("[a-z][a-z-]*")) {
                throw new BadInputException(
                        "ROLES has '%s', and a role is lower-case letters. %s".formatted(role, EXAMPLE));
            }
        }
        return new Token(subject, roles);
    }

    /** As RFC 7519 has it, with the claims {@code upn} and {@code groups} that MicroProfile JWT reads. */
    public String signed(Instant now) {
        String unsigned = encoded(Map.of("alg", "RS256", "typ", "JWT"))
                + "."
                + encoded(Map.of(
                        "iss", ISSUER,
                        "sub", subject,
                        "upn", subject,
                        "groups", roles,
                        "iat", now.getEpochSecond(),
                        "exp", now.plus(LIFETIME).getEpochSecond(),
                        "jti", UUID.randomUUID().toString()));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(developmentKey());
            signature.update(unsigned.getBytes(StandardCharsets.US_ASCII));
            return unsigned + "." + base64(signature.sign());
        } catch (GeneralSecurityException | IOException impossible) {
            throw new IllegalStateException("The development key cannot be used", impossible);
        }
    }

    private static String encoded(Map<String, Object> claims) {
        try {
            return base64(new ObjectMapper().writeValueAsBytes(claims));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static PrivateKey developmentKey() throws IOException, GeneralSecurityException {
        try (InputStream pem = Objects.requireNonNull(Token.class.getResourceAsStream("/dev-private-key.pem"))) {
            String base64 =
                    new String(pem.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("-----[A-Z ]+-----", "");
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
        }
    }
}
