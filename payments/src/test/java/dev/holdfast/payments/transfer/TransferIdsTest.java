package dev.holdfast.payments.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class TransferIdsTest {
    private static final UUID ORDER = UUID.fromString("0197b0c8-6d0f-7c55-9a3e-5f6a4c1d2e3f");

    @Test
    void whatFollowsFromTheSameIsTheSame() {
        assertThat(TransferIds.following(ORDER, "hold"))
                .isEqualTo(TransferIds.following(ORDER, "hold"))
                .isNotEqualTo(TransferIds.following(ORDER, "capture"))
                .isNotEqualTo(TransferIds.following(UUID.randomUUID(), "hold"));
    }

    @Test
    void whatFollowsHasTheTimeOfItsOrigin() {
        // When
        UUID hold = TransferIds.following(ORDER, "hold");

        // Then
        assertThat(hold.version()).as("no client may choose it").isEqualTo(8);
        assertThat(hold.variant()).isEqualTo(2);
        assertThat(TransferIds.millis(hold)).isEqualTo(TransferIds.millis(ORDER));
    }

    @RepeatedTest(100)
    void aKeyBelongsToItsCallerAndLiesBehindEveryTime() {
        // Given
        String key = UUID.randomUUID().toString();

        // When
        UUID id = TransferIds.ofKey("alice", key);

        // Then
        assertThat(id).isEqualTo(TransferIds.ofKey("alice", key)).isNotEqualTo(TransferIds.ofKey("bob", key));
        assertThat(id.toString()).startsWith("ff");
        assertThat(id.version()).isEqualTo(8);
        assertThat(id.variant()).isEqualTo(2);
    }
}
