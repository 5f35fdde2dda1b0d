package dev.holdfast.media.variant;

import dev.holdfast.media.store.CallerContext;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** What variants are made with; known once the first worker has started. */
final class EngineInUse {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(5);

    private final CompletableFuture<Engine> engine = new CompletableFuture<>();

    void is(Engine known) {
        engine.complete(known);
    }

    /** Empty as long as it is not known. */
    Optional<Engine> now() {
        return engine.state() == Future.State.SUCCESS ? Optional.of(engine.resultNow()) : Optional.empty();
    }

    /** Fails when it is not known after a while. */
    Uni<Engine> get() {
        return engine.state() == Future.State.SUCCESS
                ? Uni.createFrom().item(engine.resultNow())
                : CallerContext.answer(Uni.createFrom()
                        .completionStage(engine::copy)
                        .ifNoItem()
                        .after(START_TIMEOUT)
                        .fail());
    }
}
