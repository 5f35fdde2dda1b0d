package dev.holdfast.local.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TokenTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void hasTheClaimsThatServicesRead() throws Exception {
        // When
        String[] parts =
                new Token("ada", List.of("operator", "auditor")).signed(NOW).split("\\.", -1);

        // Then
        JsonNode claims = new ObjectMapper().readTree(Base64.getUrlDecoder().decode(parts[1]));
        assertThat(claims.get("iss").asText()).isEqualTo("https://holdfast.local");
        assertThat(claims.get("sub").asText()).isEqualTo("ada");
        assertThat(claims.get("upn").asText()).isEqualTo("ada");
        assertThat(claims.get("groups").toString()).isEqualTo("[\"operator\",\"auditor\"]");
        assertThat(claims.get("exp").asLong() - claims.get("iat").asLong()).isEqualTo(12 * 3600);
    }

    @Test
    void isSignedWithTheKeyThatServicesAcceptLocally() throws Exception {
        // Given
        String token = new Token("ada", List.of()).signed(NOW);
        int dot = token.lastIndexOf('.');
        String pem = Files.readString(Path.of("../../platform/src/main/resources/dev-public-key.pem"));
        byte[] key = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));

        // When
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(key)));
        signature.update(token.substring(0, dot).getBytes(StandardCharsets.US_ASCII));

        // Then
        assertThat(signature.verify(Base64.getUrlDecoder().decode(token.substring(dot + 1))))
                .isTrue();
    }

    @Test
    void readsSubjectAndRoles() {
        assertThat(Token.read(Map.of("SUBJECT", " me ", "ROLES", "operator, auditor,")))
                .isEqualTo(new Token("me", List.of("operator", "auditor")));
        assertThat(Token.read(Map.of("SUBJECT", "me")).roles()).isEmpty();
    }

    @Test
    void refusesATokenForNobody() {
        assertThatThrownBy(() -> Token.read(Map.of("SUBJECT", "")))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("make token SUBJECT=me");
    }

    @Test
    void refusesARoleThatCannotBeOne() {
        assertThatThrownBy(() -> Token.read(Map.of("SUBJECT", "me", "ROLES", "operator;auditor")))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("operator;auditor");
    }
}
