package dev.holdfast.product.feed;

import static dev.holdfast.product.feed.FeedFixture.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CrowdTest {
    private final Crowd crowd = new Crowd(100, 0.8);

    private static FeedBatch batch(int acme, int globex) {
        List<FeedMessage> messages = new ArrayList<>();
        for (int i = 0; i < acme + globex; i++) {
            byte[] bytes =
                    upsert(i < acme ? "acme" : "globex", "S" + i, 1, "name").getBytes(StandardCharsets.UTF_8);
            messages.add(new FeedMessage(
                    i, null, Buffer.buffer(bytes), null, FeedFixture.newParser().parse(bytes)));
        }
        return FeedBatch.byHttp(messages);
    }

    @Test
    void whoFillsAPartitionThatIsFarBehindLetsOthersPass() {
        assertThat(crowd.crowd(batch(90, 10), true).crowding()).isEqualTo(Set.of("acme"));
    }

    @Test
    void nobodyWaitsWhileThereIsNoQueue() {
        assertThat(crowd.crowd(batch(90, 10), false).crowding()).isEmpty();
    }

    @Test
    void nobodyWaitsForNobody() {
        assertThat(crowd.crowd(batch(100, 0), true).crowding()).isEmpty();
    }

    @Test
    void aLargeVendorAmongLargeOnesDoesNotWait() {
        assertThat(crowd.crowd(batch(80, 20), true).crowding()).isEmpty();
    }

    @Test
    void othersThatHaveLeftTheWindowCountNoMore() {
        crowd.crowd(batch(90, 10), true);
        crowd.crowd(batch(100, 0), true);

        assertThat(crowd.crowd(batch(100, 0), true).crowding()).isEmpty();
    }
}
