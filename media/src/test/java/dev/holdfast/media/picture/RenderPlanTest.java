package dev.holdfast.media.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.media.picture.PictureSpec.Fit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RenderPlanTest {
    @Property
    void containingKeepsTheShapeToAPixelAndFillsOneSideOfTheBox(
            @ForAll @IntRange(min = 1, max = 16_384) int width,
            @ForAll @IntRange(min = 1, max = 16_384) int height,
            @ForAll @IntRange(min = 1, max = 8) int orientation,
            @ForAll @IntRange(min = 1, max = 3_000) int boxWidth,
            @ForAll @IntRange(min = 1, max = 3_000) int boxHeight) {
        // Given
        PictureHeader header = new PictureHeader(PictureFormat.JPEG, width, height, orientation, 1, 1);

        // When
        RenderPlan plan = RenderPlan.of(header, new PictureSpec(boxWidth, boxHeight, Fit.CONTAIN, PictureFormat.PNG));

        // Then
        assertThat(plan.width()).isBetween(1, Math.min(boxWidth, header.shownWidth()));
        assertThat(plan.height()).isBetween(1, Math.min(boxHeight, header.shownHeight()));
        assertThat(plan.width() == boxWidth
                        || plan.height() == boxHeight
                        || (plan.width() == header.shownWidth() && plan.height() == header.shownHeight()))
                .isTrue();
        assertIsOfShape(plan, header.shownWidth(), header.shownHeight());
        assertThat(plan.isCropped()).isFalse();
    }

    @Property
    void coveringGivesTheShapeOfTheBoxToAPixelOutOfTheMiddle(
            @ForAll @IntRange(min = 1, max = 16_384) int width,
            @ForAll @IntRange(min = 1, max = 16_384) int height,
            @ForAll @IntRange(min = 1, max = 8) int orientation,
            @ForAll @IntRange(min = 1, max = 3_000) int boxWidth,
            @ForAll @IntRange(min = 1, max = 3_000) int boxHeight) {
        // Given
        PictureHeader header = new PictureHeader(PictureFormat.JPEG, width, height, orientation, 1, 1);

        // When
        RenderPlan plan = RenderPlan.of(header, new PictureSpec(boxWidth, boxHeight, Fit.COVER, PictureFormat.PNG));

        // Then
        assertThat(plan.width()).isBetween(1, boxWidth);
        assertThat(plan.height()).isBetween(1, boxHeight);
        assertIsOfShape(plan, boxWidth, boxHeight);
        assertThat(plan.scaledWidth()).isBetween(1, width);
        assertThat(plan.scaledHeight()).isBetween(1, height);
        int shownWidth = header.isTransposed() ? plan.scaledHeight() : plan.scaledWidth();
        int shownHeight = header.isTransposed() ? plan.scaledWidth() : plan.scaledHeight();
        assertThat(plan.left()).isEqualTo((shownWidth - plan.width()) / 2);
        assertThat(plan.top()).isEqualTo((shownHeight - plan.height()) / 2);
    }

    /** There is a scale at which both sides are right to half a pixel; less than one pixel is one. */
    private static void assertIsOfShape(RenderPlan plan, int width, int height) {
        double least = Math.max(least(plan.width(), width), least(plan.height(), height));
        double most = Math.min((plan.width() + 0.5) / width, (plan.height() + 0.5) / height);
        assertThat(least).isLessThanOrEqualTo(most + 1e-9);
    }

    private static double least(int pixels, int length) {
        return pixels == 1 ? 0 : (pixels - 0.5) / length;
    }

    @Test
    void wantsABoxThatThereCanBe() {
        // When / Then
        assertThatThrownBy(() -> new PictureSpec(0, 0, Fit.CONTAIN, PictureFormat.PNG))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a width or a height");
        assertThatThrownBy(() -> new PictureSpec(100, 0, Fit.COVER, PictureFormat.PNG))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PictureSpec(20_000, 0, Fit.CONTAIN, PictureFormat.PNG))
                .hasMessageContaining("16384");
    }
}
