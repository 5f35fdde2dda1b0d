package dev.holdfast.platform.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.platform.lease.FencedOffException;
import dev.holdfast.platform.lease.Lease;
import dev.holdfast.platform.lease.LeaseStore;
import dev.holdfast.platform.outbox.Delivery.Refusal;
import dev.holdfast.platform.outbox.OutboxStore.Backlog;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HoldfastExtension.class)
class OutboxStoreTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(30));
    }

    @Test
    void aReplacedHolderDeletesNothingAndParksNothing(TestSchema schema) throws SQLException {
        // Given a holder that sent one event, was refused another, and lost its shard before it could say so
        Things.in(schema);
        try (Connection writer = schema.connect()) {
            Things.change(writer, "outbox", "sent");
            Things.change(writer, "outbox", "sent");
        }
        Pool pool = schema.openPool(2);
        var store = new OutboxStore(pool);
        int shard = IntStream.range(0, OutboxStore.SHARDS)
                .filter(one -> !await(store.claim(one, 10)).isEmpty())
                .findFirst()
                .orElseThrow();
        List<ClaimedEvent> claim = await(store.claim(shard, 10));
        var delivery = new Delivery(
                List.of(claim.getFirst().id()),
                List.of(new Refusal(claim.getLast().event(), "too large")),
                Optional.empty());
        Lease replaced = await(LeaseStore.acquire(pool, "shard", "first", LONG)).orElseThrow();
        await(LeaseStore.release(pool, replaced));
        Lease holding = await(LeaseStore.acquire(pool, "shard", "second", LONG)).orElseThrow();

        // When
        assertThatThrownBy(() -> await(store.settle(replaced, shard, delivery))).isInstanceOf(FencedOffException.class);

        // Then
        assertThat(await(store.backlog(10))).isEqualTo(new Backlog(2, 0));

        // When the one that holds it now says the same
        await(store.settle(holding, shard, delivery));

        // Then
        assertThat(await(store.backlog(10))).isEqualTo(new Backlog(1, 1));
        await(pool.close());
    }
}
