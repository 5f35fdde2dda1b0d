package dev.holdfast.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.platform.problem.ProblemException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CallerTest {
    @Test
    void anOwnerActsOnWhatIsTheirs() {
        assertThatCode(() -> new Caller("ann", Set.of()).requireOwnership("ann", "operator", "ann's things"))
                .doesNotThrowAnyException();
    }

    @Test
    void anOperatorActsForEveryone() {
        assertThatCode(() -> new Caller("bob", Set.of("operator")).requireOwnership("ann", "operator", "ann's things"))
                .doesNotThrowAnyException();
    }

    @Test
    void aStrangerIsToldWhatWouldHelp() {
        assertThatThrownBy(
                        () -> new Caller("eve", Set.of("reader")).requireOwnership("ann", "operator", "ann's things"))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    assertThat(refused.problem().status()).isEqualTo(403);
                    assertThat(refused.problem().detail()).contains("ann's things", "role 'operator'");
                });
    }
}
