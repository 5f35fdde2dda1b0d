package dev.holdfast.payments.lab;

import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where clients wait for each other in the middle of a transaction, so that a race happens by arrangement and not by luck.
 * Who waits in vain, because the others are kept out by a lock, goes on after a while.
 */
final class Meeting {
    private final int expected;
    private final Duration patience;
    private final Set<Integer> arrived = new HashSet<>();
    private final List<UniEmitter<? super @Nullable Void>> waiting = new ArrayList<>();

    Meeting(int expected, Duration patience) {
        this.expected = expected;
        this.patience = patience;
    }

    /** Each client waits once; when it begins again, the meeting is over. */
    Uni<Void> arrive(int client) {
        return Uni.createFrom()
                .<Void>emitter(emitter -> {
                    List<UniEmitter<? super @Nullable Void>> released = List.of();
                    synchronized (this) {
                        boolean again = !arrived.add(client);
                        if (again) {
                            released = List.of(emitter);
                        } else {
                            waiting.add(emitter);
                            if (arrived.size() == expected) {
                                released = List.copyOf(waiting);
                                waiting.clear();
                            }
                        }
                    }
                    released.forEach(one -> one.complete(null));
                })
                .ifNoItem()
                .after(patience)
                .fail()
                .onFailure(TimeoutException.class)
                .recoverWithNull();
    }
}
