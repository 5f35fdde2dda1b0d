package dev.holdfast.payments.lab;

import static dev.holdfast.payments.lab.Step.Deed.BEGINS;
import static dev.holdfast.payments.lab.Step.Deed.COMMITS;
import static dev.holdfast.payments.lab.Step.Deed.READS;
import static dev.holdfast.payments.lab.Step.Deed.WRITES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ScheduleRulesTest {
    private final List<Step> steps = new ArrayList<>();

    private void did(int client, Step.Deed deed, Integer account, Long balance) {
        steps.add(new Step(client, 0, 1, deed, account, balance, steps.size()));
    }

    private void did(int client, Step.Deed deed) {
        did(client, deed, null, null);
    }

    private List<ScheduleRules.Conflict> conflicts() {
        return ScheduleRules.lostUpdates(List.copyOf(
                steps.stream().collect(Collectors.groupingBy(Step::client)).values()));
    }

    @Test
    void findsABalanceThatIsWrittenOverUnseen() {
        // Given
        did(1, BEGINS);
        did(2, BEGINS);
        did(1, READS, 7, 100L);
        did(2, READS, 7, 100L);
        did(1, WRITES, 7, 0L);
        did(1, COMMITS);
        did(2, WRITES, 7, 0L);
        did(2, COMMITS);

        // When
        List<ScheduleRules.Conflict> conflicts = conflicts();

        // Then
        assertThat(conflicts).hasSize(1);
        assertThat(conflicts.getFirst().account()).isEqualTo(7);
        assertThat(conflicts.getFirst().steps()).isEqualTo(steps);
    }

    @Test
    void letsPassWhoReadAfterTheOtherHadCommitted() {
        // Given
        did(1, BEGINS);
        did(1, READS, 7, 100L);
        did(1, WRITES, 7, 50L);
        did(1, COMMITS);
        did(2, BEGINS);
        did(2, READS, 7, 50L);
        did(2, WRITES, 7, 0L);
        did(2, COMMITS);

        // When / Then
        assertThat(conflicts()).isEmpty();
    }

    @Test
    void findsAWriterWhoseBalanceTwoOthersHadReplaced() {
        // Given
        did(1, BEGINS);
        did(1, READS, 7, 100L);
        for (int other = 2; other <= 3; other++) {
            did(other, BEGINS);
            did(other, READS, 7, 140 - 20L * other);
            did(other, WRITES, 7, 120 - 20L * other);
            did(other, COMMITS);
        }
        did(1, WRITES, 7, 95L);
        did(1, COMMITS);

        // When / Then the one whose work is gone is the last of them
        assertThat(conflicts()).singleElement().satisfies(conflict -> {
            assertThat(conflict.first()).allMatch(step -> step.client() == 3);
            assertThat(conflict.second()).allMatch(step -> step.client() == 1);
        });
    }
}
