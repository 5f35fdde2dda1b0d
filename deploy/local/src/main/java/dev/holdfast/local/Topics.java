package dev.holdfast.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics of the cluster: those of {@code deploy/compose/kafka-topics.txt}, which the containers read as well. */
public final class Topics {

    private static final String LIST = "/kafka-topics.txt";
    private static final long TIMEOUT_S = 30;

    private Topics() {}

    /**
     * Makes the topics that are missing and leaves the others as they are; returns when the broker serves all of them.
     *
     * @return the names of those it made
     * @throws IllegalStateException when the broker refuses or does not answer within 30 s
     */
    public static List<String> create(String bootstrapServers) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            List<NewTopic> listed = listed();
            Set<String> existing = admin.listTopics().names().get(TIMEOUT_S, TimeUnit.SECONDS);
            List<NewTopic> missing = listed.stream()
                    .filter(topic -> !existing.contains(topic.name()))
                    .toList();
            List<String> made = make(admin, missing);
            awaitServed(admin, listed);
            return made;
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka at %s refused to make the topics".formatted(bootstrapServers), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "Kafka at %s does not answer within %d s".formatted(bootstrapServers, TIMEOUT_S), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while making topics", e);
        }
    }

    private static List<String> make(Admin admin, List<NewTopic> missing)
            throws ExecutionException, InterruptedException, TimeoutException {
        try {
            admin.createTopics(missing).all().get(TIMEOUT_S, TimeUnit.SECONDS);
            return missing.stream().map(NewTopic::name).toList();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return List.of(); // somebody else made them since they were looked for
            }
            throw e;
        }
    }

    /**
     * Returns when each of their partitions has a leader that answers. A broker that does not serve a partition yet, because it is new
     * or the broker is, refuses a producer's first batch and may accept the second, knowing nothing of that producer; the first can
     * then never be written, and expires after two minutes (KAFKA-15591).
     */
    public static void awaitServed(Admin admin, Collection<NewTopic> topics)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, OffsetSpec> ends = topics.stream()
                .flatMap(topic -> IntStream.range(0, topic.numPartitions())
                        .mapToObj(partition -> new TopicPartition(topic.name(), partition)))
                .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        // only a leader knows the end, and the client asks until there is one
        admin.listOffsets(ends).all().get(TIMEOUT_S, TimeUnit.SECONDS);
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
