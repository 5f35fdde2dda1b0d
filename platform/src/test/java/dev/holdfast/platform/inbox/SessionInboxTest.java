package dev.holdfast.platform.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestSchema;
import io.smallrye.mutiny.Uni;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Duration;
import java.util.UUID;
import org.hibernate.cfg.Configuration;
import org.hibernate.reactive.mutiny.Mutiny;
import org.hibernate.reactive.provider.ReactiveServiceRegistryBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HoldfastExtension.class)
class SessionInboxTest {
    private final UUID eventId = UUID.randomUUID();
    private Mutiny.SessionFactory sessions;

    @Entity(name = "effect")
    static class Effect {
        @Id
        UUID id = UUID.randomUUID();
    }

    @BeforeEach
    void open(TestSchema schema) {
        schema.migrate("db/platform")
                .execute("CREATE TABLE effect (id uuid PRIMARY KEY); GRANT ALL ON effect TO todo_app");
        var configuration = new Configuration()
                .addAnnotatedClass(Effect.class)
                .setProperty("jakarta.persistence.jdbc.url", schema.url())
                .setProperty("hibernate.default_schema", schema.name());
        sessions = configuration
                .buildSessionFactory(new ReactiveServiceRegistryBuilder()
                        .applySettings(configuration.getProperties())
                        .build())
                .unwrap(Mutiny.SessionFactory.class);
        assertThat(effects()).as("before").isZero();
    }

    @AfterEach
    void close() {
        sessions.close();
    }

    @Test
    void ofManyDeliveriesAtOnceOneTakesEffect() throws Exception {
        // When
        RaceGate.race(6, worker -> () -> await(receive("reader"))).assertWinners(1, isNew -> isNew);

        // Then
        assertThat(effects()).isEqualTo(1);
        assertThat(await(receive("another reader"))).isTrue();
    }

    @Test
    void aRolledBackEffectIsReceivedAgain() {
        // Given
        Uni<Boolean> failing = sessions.withTransaction(session -> SessionInbox.receiveOnce(session, "reader", eventId)
                .chain(() -> Uni.createFrom().failure(new IllegalStateException("effect failed"))));
        await(failing.onFailure().recoverWithNull());

        // When / Then
        assertThat(await(receive("reader"))).isTrue();
        assertThat(await(receive("reader"))).isFalse();
    }

    private Uni<Boolean> receive(String consumer) {
        return sessions.withTransaction(session -> SessionInbox.receiveOnce(session, consumer, eventId)
                .call(isNew ->
                        isNew ? session.persist(new Effect()) : Uni.createFrom().voidItem()));
    }

    private long effects() {
        return await(
                sessions.withSession(session -> session.createSelectionQuery("select count(*) from effect", Long.class)
                        .getSingleResult()));
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(30));
    }
}
