package dev.holdfast.local;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics of the cluster. Partitions decide how far consumers spread, and with them the order per key, so they are fixed here. */
public final class Topics {

    private static final int PARTITIONS = 4;
    private static final long TIMEOUT_S = 30;

    private static final List<NewTopic> ALL = List.of(
            topic("vendor.products", PARTITIONS),
            topic("vendor.products.product-ingest.dlq", 1),
            topic("product.events", PARTITIONS),
            topic("order.events", PARTITIONS),
            topic("user.events", PARTITIONS),
            topic("payment.commands", PARTITIONS),
            topic("payment.events", PARTITIONS),
            topic("media.events", PARTITIONS));

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
            List<NewTopic> missing = ALL.stream()
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

    private static NewTopic topic(String name, int partitions) {
        return new NewTopic(name, partitions, (short) 1);
    }
}
