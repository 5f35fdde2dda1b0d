package dev.holdfast.media.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.media.sweep.Model.Actor;
import dev.holdfast.media.sweep.Model.Mistake;
import dev.holdfast.media.sweep.Model.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Uploads of the same and of other bytes, attaching, detaching, condemning and sweeping, in all orders, with a crash anywhere. */
class InterleavingTest {
    private static List<String> explore(Model model) {
        var wrong = new ArrayList<String>();
        State begin = model.withBlob("ada", "x", 1);
        List<Actor> actors = List.of(
                model.upload("bob", "x", 2),
                model.upload("eve", "x", 3),
                model.attach("cat", 1),
                model.detach("ada"),
                model.purge(),
                model.sweep());
        int states = model.explore(begin, actors, (state, violation) -> wrong.add(violation + " in " + state));
        assertThat(states).isGreaterThan(1_000);
        return wrong;
    }

    @Test
    void inNoOrderIsAnythingLostOrLeftOver() {
        assertThat(explore(new Model(Mistake.NONE))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void theModelSeesWhatEachMistakeBreaks(Mistake mistake) {
        assertThat(explore(new Model(mistake))).isNotEmpty();
    }
}
