package dev.holdfast.media.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.media.sweep.SweepReport;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrphansPageTest {
    private static final Visitor VISITOR = new Visitor("olga", true);
    private static final SweepReport NOTHING = new SweepReport(0, 0, 0, 0, 0, false);
    private static final SweepReport SOME = new SweepReport(0, 1, 0, 0, 100, false);

    @Test
    void isCleanWhenAllHasAnOwner() {
        assertThat(OrphansPage.of(VISITOR, null, NOTHING).isClean()).isTrue();
        assertThat(OrphansPage.of(VISITOR, null, SOME).isClean()).isFalse();
    }

    @Test
    void isNotCleanWhereAStoreCouldNotBeLookedThrough() {
        // Given
        var blind = new SweepReport(0, 0, 0, 0, 0, false, Set.of("s3"));

        // When
        OrphansPage page = OrphansPage.of(VISITOR, null, blind);

        // Then
        assertThat(page.isClean()).isFalse();
        assertThat(page.failed()).containsExactly("s3");
    }

    @Test
    void saysWhatASweepHasLeft() {
        // Given one that has failed and was there again when it was looked
        var failed = new SweepReport(0, 1, 0, 0, 100, false, Set.of("files"));

        // When
        OrphansPage page = OrphansPage.of(VISITOR, new OrphansPage.Swept(SOME, failed), NOTHING);

        // Then
        assertThat(page.swept()).isTrue();
        assertThat(page.failed()).containsExactly("files");
    }
}
