package dev.holdfast.media.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.media.picture.PictureResult.Refused;
import dev.holdfast.media.picture.PictureResult.Rendered;
import dev.holdfast.media.picture.Refusal.Reason;
import dev.holdfast.platform.batch.OverloadedException;
import dev.holdfast.testkit.JavaProcess;
import dev.holdfast.testkit.Signal;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureWorkersTest {
    private static final int WAITING = 3;
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    Path folder;

    private Path source;
    private PictureWorkers workers;

    @BeforeEach
    void start() throws IOException {
        source = Files.write(folder.resolve("source"), SamplePictures.png(SamplePictures.gradient(8, 8)));
        workers = workers(LONG);
    }

    private static PictureWorkers workers(Duration deadline) {
        return new PictureWorkers(TroubledWorker.command(), new PictureWorkers.Limits(1, WAITING, deadline, 64, 256));
    }

    @AfterEach
    void stop() {
        workers.close();
    }

    @Test
    void rendersInAnotherProcess() throws Exception {
        // When
        PictureResult result = render(Trouble.NONE).join();

        // Then
        assertThat(result).isEqualTo(new Rendered(PictureFormat.PNG, 1, 1, 1));
        assertThat(Files.exists(target())).isTrue();
        assertThat(workers.processes().map(ProcessHandle::pid))
                .doesNotContain(ProcessHandle.current().pid())
                .hasSize(1);
    }

    @Test
    void saysWhatTheyRenderWith() {
        // When
        EngineDescription engine = workers.engine().subscribeAsCompletionStage().join();

        // Then
        assertThat(engine.name()).isEqualTo(TroubledWorker.NAME);
        assertThat(engine.writes()).containsExactly(PictureFormat.PNG);
    }

    @ParameterizedTest
    @EnumSource(names = {"CRASHES", "FILLS_HEAP", "FILLS_MEMORY", "RECURSES", "RAVES", "THROWS"})
    void losesOnePictureWithAWorkerAndGoesOn(Trouble trouble) {
        // When
        PictureResult troubled = render(trouble).join();

        // Then
        assertThat(reason(troubled)).isEqualTo(Reason.UNREADABLE);
        assertThat(target()).doesNotExist();
        assertThat(render(Trouble.NONE).join()).isInstanceOf(Rendered.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "SEGV"})
    void losesOnePictureWhenAWorkerIsKilledInTheMiddle(String signal) throws Exception {
        // Given
        CompletableFuture<PictureResult> underWay = renderUntilBegun();
        CompletableFuture<PictureResult> next = render(Trouble.NONE, folder.resolve("next"));

        // When
        Signal.send(signal, pid());

        // Then
        assertThat(reason(underWay.join())).isEqualTo(Reason.UNREADABLE);
        assertThat(next.join()).isInstanceOf(Rendered.class);
    }

    @Test
    void replacesAWorkerThatDiesWhileNothingIsAsked() throws Exception {
        // Given
        render(Trouble.NONE).join();
        ProcessHandle idle = workers.processes().findFirst().orElseThrow();

        // When
        Signal.send("KILL", idle.pid());
        idle.onExit().join();

        // Then
        assertThat(render(Trouble.NONE).join()).isInstanceOf(Rendered.class);
        assertThat(pid()).isNotEqualTo(idle.pid());
    }

    @Test
    void endsWhatNeverEnds() {
        // Given
        try (PictureWorkers hasty = workers(Duration.ofSeconds(1))) {
            // When
            PictureResult result = render(hasty, Trouble.NEVER_ENDS, target()).join();

            // Then
            assertThat(reason(result)).isEqualTo(Reason.TOO_SLOW);
            assertThat(target()).doesNotExist();
            assertThat(render(hasty, Trouble.NONE, target()).join()).isInstanceOf(Rendered.class);
        }
    }

    @Test
    void turnsAwayWhoComesWhenTooManyWait() throws Exception {
        // Given
        CompletableFuture<PictureResult> underWay = renderUntilBegun();
        List<CompletableFuture<PictureResult>> waiting = new ArrayList<>();
        for (int i = 0; i < WAITING; i++) {
            waiting.add(render(Trouble.NONE, folder.resolve("waiting" + i)));
        }

        // When
        CompletableFuture<PictureResult> oneMore = render(Trouble.NONE, folder.resolve("one-more"));

        // Then
        assertThatThrownBy(oneMore::join).hasCauseInstanceOf(OverloadedException.class);
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        Signal.send("KILL", pid());
        underWay.join();
        assertThat(waiting).allSatisfy(each -> assertThat(each.join()).isInstanceOf(Rendered.class));
    }

    @Test
    void doesNotRenderForWhoHasLeft() throws Exception {
        // Given
        CompletableFuture<PictureResult> underWay = renderUntilBegun();
        Path unwanted = folder.resolve("unwanted");
        var leaving = workers.render(source, Trouble.NONE.spec(), unwanted)
                .subscribe()
                .with(result -> {});
        CompletableFuture<PictureResult> last = render(Trouble.NONE, folder.resolve("last"));

        // When
        leaving.cancel();
        Signal.send("KILL", pid());

        // Then
        underWay.join();
        assertThat(last.join()).isInstanceOf(Rendered.class);
        assertThat(unwanted).doesNotExist();
    }

    @Test
    void givesAWorkerNothingOfItsEnvironment() throws Exception {
        // When
        render(Trouble.TELLS_ENVIRONMENT).join();

        // Then: what is not ours is what every shell sets
        assertThat(Files.readAllLines(target()))
                .isSubsetOf("MALLOC_ARENA_MAX", "VIPS_WARNING", "PWD", "_", "OLDPWD", "SHLVL");
    }

    @Test
    void answersOnTheContextOfTheCaller() throws Exception {
        // Given
        Vertx vertx = Vertx.vertx();
        var thread = new CompletableFuture<Boolean>();
        try {
            var context = vertx.getOrCreateContext();

            // When
            context.runOnContext(ignored -> workers.render(source, Trouble.NONE.spec(), target())
                    .subscribe()
                    .with(
                            result -> thread.complete(context.equals(Vertx.currentContext())),
                            thread::completeExceptionally));

            // Then
            assertThat(thread.join()).isTrue();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void failsWhatWaitsWhenItIsClosedAndLeavesNoProcess() throws Exception {
        // Given
        CompletableFuture<PictureResult> underWay = renderUntilBegun();
        CompletableFuture<PictureResult> waiting = render(Trouble.NONE, folder.resolve("waiting"));
        ProcessHandle process = workers.processes().findFirst().orElseThrow();

        // When
        workers.close();

        // Then
        assertThatThrownBy(underWay::join).hasCauseInstanceOf(PictureWorkersException.class);
        assertThatThrownBy(waiting::join).hasCauseInstanceOf(PictureWorkersException.class);
        assertThatThrownBy(() -> render(Trouble.NONE).join()).isInstanceOf(CompletionException.class);
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void saysThatNoWorkerStarts() {
        // Given
        var command = new WorkerCommand(PictureWorkersTest.class, List.of(), 64, 256);
        try (var dead = new PictureWorkers(command, new PictureWorkers.Limits(1, WAITING, LONG, 64, 256))) {
            // When / Then
            assertThatThrownBy(() -> render(dead, Trouble.NONE, target()).join())
                    .hasCauseInstanceOf(PictureWorkersException.class);
        }
    }

    @Test
    void aWorkerDoesNotOutliveTheServiceThatStartedIt() throws Exception {
        // Given
        Path pid = folder.resolve("pid");
        List<String> arguments = List.of(
                "-cp",
                System.getProperty("java.class.path"),
                Lonely.class.getName(),
                source.toString(),
                pid.toString());
        try (JavaProcess service = JavaProcess.start(arguments, Map.of(), folder.resolve("log"))) {
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(pid) && Files.size(pid) > 0);
            ProcessHandle busy =
                    ProcessHandle.of(Long.parseLong(Files.readString(pid))).orElseThrow();

            // When
            service.kill();

            // Then
            await().atMost(Duration.ofSeconds(30)).until(() -> !busy.isAlive());
        }
    }

    /** A service whose one worker never comes back. */
    static final class Lonely {
        private Lonely() {}

        public static void main(String[] arguments) throws IOException {
            Path source = Path.of(arguments[0]);
            Path pid = Path.of(arguments[1]);
            PictureWorkers workers = workers(LONG);
            Path begun = pid.resolveSibling("begun");
            var underWay = render(workers, source, Trouble.NEVER_ENDS, begun);
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(begun));
            Files.writeString(
                    pid,
                    Long.toString(workers.processes().findFirst().orElseThrow().pid()));
            underWay.join();
        }
    }

    private Path target() {
        return folder.resolve("target");
    }

    private long pid() {
        return workers.processes().findFirst().orElseThrow().pid();
    }

    private CompletableFuture<PictureResult> renderUntilBegun() {
        Path begun = folder.resolve("begun");
        CompletableFuture<PictureResult> underWay = render(Trouble.NEVER_ENDS, begun);
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(begun));
        return underWay;
    }

    private CompletableFuture<PictureResult> render(Trouble trouble) {
        return render(trouble, target());
    }

    private CompletableFuture<PictureResult> render(Trouble trouble, Path target) {
        return render(workers, trouble, target);
    }

    private CompletableFuture<PictureResult> render(PictureWorkers by, Trouble trouble, Path target) {
        return render(by, source, trouble, target);
    }

    private static CompletableFuture<PictureResult> render(
            PictureWorkers by, Path source, Trouble trouble, Path target) {
        return by.render(source, trouble.spec(), target).subscribeAsCompletionStage();
    }

    private static Reason reason(PictureResult result) {
        return ((Refused) result).refusal().reason();
    }
}
