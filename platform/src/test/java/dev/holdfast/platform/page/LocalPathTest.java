package dev.holdfast.platform.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalPathTest {
    @ParameterizedTest
    @ValueSource(strings = {"/", "/sign-in", "/a/b?c=d&e=%2F%2Fevil.example", "/a?at=2026-01-31T12:00:00Z#b"})
    void aPathOfThisServerIsTaken(String text) {
        assertThat(LocalPath.parse(text)).hasToString("Optional[" + text + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "//evil.example",
                "///evil.example",
                "/\\evil.example",
                "/a\\b",
                "\\\\evil.example",
                "https://evil.example",
                "javascript:alert(1)",
                "/\t/evil.example",
                "/\n/evil.example",
                " //evil.example",
                "/a\r\nSet-Cookie: b"
            })
    void whatMightLeadElsewhereIsNot(String text) {
        assertThat(LocalPath.parse(text)).isEmpty();
    }
}
