package dev.holdfast.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.chaos.ImageUser.Use;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The service is killed again and again, and at last PostgreSQL, while images are uploaded, attached, detached and looked at, and
 * sweeps run all the time. Between the rounds what is there must be what users were told, with the right bytes and nothing else.
 */
class MediaCrashTest {
    private static final int ROUNDS = Integer.getInteger("chaos.media.rounds", 2);
    private static final int USERS = 8;
    private static final Duration TIME = Duration.ofSeconds(60);

    private final AtomicInteger answered = new AtomicInteger();
    private final Random random = new Random();

    private interface Blow {
        void fall() throws Exception;
    }

    @Test
    void whatIsUsedIsThereAndNothingElseHoweverOftenItIsKilled() throws Exception {
        try (var cluster = new Cluster("media")) {
            // Given
            cluster.startService();
            int port = cluster.service().port();
            List<ImageUser> users = IntStream.range(0, USERS)
                    .mapToObj(number -> new ImageUser(number, port, answered))
                    .toList();
            var house = new ImageHouse(cluster, cluster.mediaDirectory());

            for (int round = 1; round <= ROUNDS; round++) {
                // When
                inTheMidst(users, () -> {
                    cluster.service().kill();
                    cluster.startService();
                });

                // Then
                assertAllIsAsTold(house, users);
            }

            // And when
            inTheMidst(users, () -> {
                cluster.killPostgres();
                cluster.startPostgres();
                cluster.service().awaitReadiness(200);
            });

            // Then
            assertAllIsAsTold(house, users);
            assertThat(cluster.service().isAlive()).isTrue();
        }
    }

    /** Users and sweeps go on before, meanwhile and afterwards, until each user has its answer. */
    private void inTheMidst(List<ImageUser> users, Blow blow) throws Exception {
        var ended = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (ImageUser user : users) {
                running.add(threads.submit(() -> {
                    user.goOnUntil(ended::get);
                    return null;
                }));
            }
            running.add(threads.submit(() -> sweepUntil(users.getFirst(), ended)));
            try {
                awaitAnswers(running, 100 + random.nextInt(50));
                blow.fall();
                awaitAnswers(running, 20);
            } finally {
                ended.set(true);
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    private void awaitAnswers(List<Future<?>> running, int more) {
        int enough = answered.get() + more;
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .atMost(TIME)
                .until(() -> answered.get() >= enough || running.stream().anyMatch(Future::isDone));
    }

    private static Void sweepUntil(ImageUser operator, AtomicBoolean ended) throws InterruptedException {
        while (!ended.get()) {
            try {
                assertThat(sweep(operator)).isIn(200, 503);
            } catch (IOException unanswered) {
                Thread.sleep(20);
            }
        }
        return null;
    }

    private static int sweep(ImageUser operator) throws IOException, InterruptedException {
        return operator.send("POST", "/sweeps", new byte[0]).statusCode();
    }

    private static void assertAllIsAsTold(ImageHouse house, List<ImageUser> users) throws Exception {
        List<Use> uses = users.stream().flatMap(user -> user.uses().stream()).toList();
        house.assertEachUseIsThere(uses);
        house.expireUploads();
        assertThat(sweep(users.getFirst())).isEqualTo(200);
        house.assertEachUseIsThere(uses);
        house.assertNothingElseIsThere();
        house.assertAllBytesAreRight();
        for (ImageUser user : users) {
            user.assertSeesWhatItUses();
        }
    }
}
