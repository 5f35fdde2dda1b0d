package dev.holdfast.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics of the cluster: those of {@code deploy/compose/kafka-topics.txt}, which the containers read as well. */
public final class Topics {

    private static final String LIST = "/kafka-topics.txt";
    private static final long TIMEOUT_S = 30;

    private Topics() {}

    /**
     * Makes the topics that are missing and leaves the others as they are.
     *
     * @return the names of those it made
     * @throws IllegalStateException when the broker refuses or does not answer within 30 s
     */
    public static List<String> create(String bootstrapServers) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Set<String> existing = admin.listTopics().names().get(TIMEOUT_S, TimeUnit.SECONDS);
            List<NewTopic> missing = listed().stream()
                    .filter(topic -> !existing.contains(topic.name()))
                    .toList();
            admin.createTopics(missing).all().get(TIMEOUT_S, TimeUnit.SECONDS);
            return missing.stream().map(NewTopic::name).toList();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return List.of(); // somebody else made them between the two calls
            }
            throw new IllegalStateException("Kafka at %s refused to make the topics".formatted(bootstrapServers), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "Kafka at %s does not answer within %d s".formatted(bootstrapServers, TIMEOUT_S), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while making topics", e);
        }
    }

    private static List<NewTopic> listed() {
        try (InputStream list = Objects.requireNonNull(Topics.class.getResourceAsStream(LIST))) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("\\s+", 2))
                    .map(column -> new NewTopic(column[0], Integer.parseInt(column[1].strip()), (short) 1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
