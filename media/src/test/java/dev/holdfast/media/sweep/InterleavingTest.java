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

/**
 * Uploads of the same and of other bytes, attaching, detaching, condemning, sweeping, and moving there and back, in all orders, with a crash
 * anywhere.
 */
class InterleavingTest {
    private static List<String> explore(Model model) {
        var wrong = new ArrayList<String>();
        State begin = model.withBlob("ada", "x", 1);
        List<List<Actor>> houses = List.of(
                List.of(
                        model.upload("bob", "x", 2),
                        model.upload("eve", "x", 3),
                        model.attach("cat", 1),
                        model.detach("ada"),
                        model.purge(),
                        model.sweep()),
                List.of(
                        model.upload("bob", "x", 2),
                        model.attach("cat", 1),
                        model.detach("ada"),
                        model.move(1, 4, 1),
                        model.purge(),
                        model.sweep()),
                List.of(
                        model.attach("cat", 1),
                        model.detach("ada"),
                        model.move(1, 4, 1),
                        model.move(1, 5, 1),
                        model.move(1, 6, 0),
                        model.purge(),
                        model.sweep()));
        for (List<Actor> actors : houses) {
            if (wrong.isEmpty()) {
                wrong.addAll(explore(model, begin, actors));
            }
        }
        return wrong;
    }

    private static List<String> explore(Model model, State begin, List<Actor> actors) {
        var wrong = new ArrayList<String>();
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
