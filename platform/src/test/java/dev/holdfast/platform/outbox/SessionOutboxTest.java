package dev.holdfast.platform.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Duration;
import java.util.List;
import org.hibernate.cfg.Configuration;
import org.hibernate.reactive.mutiny.Mutiny;
import org.hibernate.reactive.provider.ReactiveServiceRegistryBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HoldfastExtension.class)
class SessionOutboxTest {
    private Mutiny.SessionFactory sessions;
    private Pool pool;

    @Entity(name = "thing")
    static class Thing {
        @Id
        String id;

        @Version
        long version;
    }

    @BeforeEach
    void open(TestSchema schema) {
        Things.in(schema);
        pool = schema.openPool(2);
        var configuration = new Configuration()
                .addAnnotatedClass(Thing.class)
                .setProperty("jakarta.persistence.jdbc.url", schema.url())
                .setProperty("hibernate.default_schema", schema.name());
        sessions = configuration
                .buildSessionFactory(new ReactiveServiceRegistryBuilder()
                        .applySettings(configuration.getProperties())
                        .build())
                .unwrap(Mutiny.SessionFactory.class);
    }

    @AfterEach
    void close() {
        sessions.close();
        pool.closeAndForget();
    }

    @Test
    void theEventIsThereWhenTheSessionCommits() {
        // When
        await(change("thing"));

        // Then
        assertThat(waiting()).containsExactly("thing");
    }

    @Test
    void theEventIsGoneWhenTheSessionRollsBack() {
        // When
        await(change("thing")
                .chain(() -> sessions.withTransaction(session -> persist(session, "other")
                        .chain(() -> Uni.createFrom().<Void>failure(new IllegalStateException("changed my mind")))))
                .onFailure()
                .recoverWithNull());

        // Then
        assertThat(waiting()).containsExactly("thing");
    }

    private Uni<Void> change(String id) {
        return sessions.withTransaction(session -> persist(session, id));
    }

    private static Uni<Void> persist(Mutiny.Session session, String id) {
        var thing = new Thing();
        thing.id = id;
        return session.persist(thing).chain(() -> SessionOutbox.append(session, List.of(Things.event("topic", id, 1))));
    }

    private List<String> waiting() {
        return await(pool.query("SELECT aggregate_id FROM outbox")
                .execute()
                .map(rows -> rows.stream().map(row -> row.getString(0)).toList()));
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(30));
    }
}
