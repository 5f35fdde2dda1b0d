package dev.holdfast.local.media;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far the service has read what others tell it, such as who was erased.
 *
 * <p>The positions of a backup are read before its rows are: whatever is behind them has had its effect on the rows. A restored
 * service reads on from there, not from where its group is, and so does again what happened since: without that, those who have been
 * forgotten since the backup would come back. What it then meets a second time does nothing.
 */
public final class EventPositions {
    /** By the consumer group of the service, what it reads. */
    static final Map<String, String> OF_MEDIA =
            Map.of("media.users", "user.events", "media.products", "product.events");

    private static final long TIMEOUT_S = 30;

    private final String bootstrapServers;
    private final Map<String, String> topics;

    /** @param topics by consumer group */
    public EventPositions(String bootstrapServers, Map<String, String> topics) {
        this.bootstrapServers = bootstrapServers;
        this.topics = Map.copyOf(topics);
    }

    /**
     * The next event of a partition.
     *
     * @param end of the partition at that time; a topic that is shorter later is another one
     */
    public record Position(String group, String topic, int partition, long offset, long end) {
        TopicPartition topicPartition() {
            return new TopicPartition(topic, partition);
        }
    }

    private interface Question<T extends @Nullable Object> {
        T ask(Admin admin) throws ExecutionException, InterruptedException, TimeoutException;
    }

    /** Where the groups are; a group that has not begun is at the beginning. */
    public List<Position> read() {
        return ask(admin -> {
            var positions = new ArrayList<Position>();
            for (var one : topics.entrySet()) {
                Map<TopicPartition, Long> first = offsets(admin, one.getValue(), OffsetSpec.earliest());
                Map<TopicPartition, Long> ends = offsets(admin, one.getValue(), OffsetSpec.latest());
                Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(one.getKey())
                        .partitionsToOffsetAndMetadata()
                        .get(TIMEOUT_S, TimeUnit.SECONDS);
                first.forEach((partition, beginning) -> {
                    OffsetAndMetadata position = committed.get(partition);
                    positions.add(new Position(
                            one.getKey(),
                            partition.topic(),
                            partition.partition(),
                            position == null ? beginning : position.offset(),
                            ends.getOrDefault(partition, beginning)));
                });
            }
            return positions;
        });
    }

    /** Those of them since which events are gone, by retention or with their topic: what they told will not be done. */
    public List<Position> gone(List<Position> positions) {
        return ask(admin -> {
            var gone = new ArrayList<Position>();
            for (String topic : topics.values()) {
                Map<TopicPartition, Long> first = offsets(admin, topic, OffsetSpec.earliest());
                Map<TopicPartition, Long> ends = offsets(admin, topic, OffsetSpec.latest());
                positions.stream()
                        .filter(position -> position.topic().equals(topic))
                        .filter(position -> first.getOrDefault(position.topicPartition(), 0L) > position.offset()
                                || ends.getOrDefault(position.topicPartition(), -1L) < position.end())
                        .forEach(gone::add);
            }
            return gone;
        });
    }

    /**
     * Sets the groups back to where they were. A partition that is new since then, or is shorter than it was and so belongs to a topic
     * that was made anew, is read from its beginning.
     */
    public void reset(List<Position> positions) {
        ask(admin -> {
            for (var one : topics.entrySet()) {
                Map<TopicPartition, Long> next = offsets(admin, one.getValue(), OffsetSpec.earliest());
                Map<TopicPartition, Long> ends = offsets(admin, one.getValue(), OffsetSpec.latest());
                positions.stream()
                        .filter(position -> position.group().equals(one.getKey()))
                        .filter(position -> ends.getOrDefault(position.topicPartition(), -1L) >= position.end())
                        .forEach(position -> next.merge(position.topicPartition(), position.offset(), Math::max));
                removeMembers(admin, one.getKey());
                admin.alterConsumerGroupOffsets(one.getKey(), committable(next))
                        .all()
                        .get(TIMEOUT_S, TimeUnit.SECONDS);
            }
            return null;
        });
    }

    private static Map<TopicPartition, OffsetAndMetadata> committable(Map<TopicPartition, Long> offsets) {
        return offsets.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> new OffsetAndMetadata(entry.getValue())));
    }

    /** A service that was killed stays a member for a while, and a group with members keeps its positions. */
    private static void removeMembers(Admin admin, String group) throws InterruptedException, TimeoutException {
        try {
            admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get(TIMEOUT_S, TimeUnit.SECONDS);
        } catch (ExecutionException noSuchGroupOrMember) {
            // whatever else is wrong, the next request tells
        }
    }

    private static Map<TopicPartition, Long> offsets(Admin admin, String topic, OffsetSpec spec)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, OffsetSpec> asked =
                admin.describeTopics(List.of(topic)).allTopicNames().get(TIMEOUT_S, TimeUnit.SECONDS).values().stream()
                        .flatMap(description -> description.partitions().stream())
                        .collect(Collectors.toMap(
                                partition -> new TopicPartition(topic, partition.partition()), _ -> spec));
        return admin.listOffsets(asked).all().get(TIMEOUT_S, TimeUnit.SECONDS).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    private <T extends @Nullable Object> T ask(Question<T> question) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            return question.ask(admin);
        } catch (ExecutionException | TimeoutException e) {
            throw new BackupException(
                    "Kafka at %s does not say, or take, how far the service has read: %s"
                            .formatted(bootstrapServers, e.getCause() == null ? e : e.getCause()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackupException("Interrupted", e);
        }
    }
}
