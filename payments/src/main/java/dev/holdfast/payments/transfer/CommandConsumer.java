package dev.holdfast.payments.transfer;

import dev.holdfast.platform.inbox.RecordReceiver;
import dev.holdfast.platform.inbox.UnusableRecordException;
import dev.holdfast.platform.postgres.FailureClass;
import dev.holdfast.platform.problem.Problem.InvalidPart;
import dev.holdfast.platform.problem.StrictJson;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jspecify.annotations.Nullable;

/**
 * Transfers that come on {@code payment.commands}, a {@link TransferRequest} each; whoever may write there may move any money.
 * What a poll brings is one submission, decided in its order; it is acknowledged when all of it has committed. What cannot be
 * read goes to the dead-letter topic first. What comes again is answered from the record: its events have been sent.
 */
@ApplicationScoped
class CommandConsumer {
    private final TransferBatcher batcher;
    private final MutinyEmitter<byte[]> deadLetters;
    private final RecordReceiver receiver;
    private final Clock clock;

    CommandConsumer(
            TransferBatcher batcher,
            @Channel("payment-commands-dlq") MutinyEmitter<byte[]> deadLetters,
            RecordReceiver receiver,
            Clock clock) {
        this.batcher = batcher;
        this.deadLetters = deadLetters;
        this.receiver = receiver;
        this.clock = clock;
    }

    private record Command(ConsumerRecord<byte[], byte[]> message, Transfer transfer) {}

    private record Unreadable(ConsumerRecord<byte[], byte[]> message, UnusableRecordException why) {
        static Unreadable of(ConsumerRecord<byte[], byte[]> message, InvalidPart part) {
            return new Unreadable(
                    message,
                    new UnusableRecordException(
                            part.reason(),
                            "%s %s".formatted(part.pointer(), part.detail()).strip()));
        }
    }

    @Incoming("payment-commands")
    Uni<Void> take(ConsumerRecords<byte[], byte[]> messages) {
        var commands = new ArrayList<Command>();
        var unreadable = new ArrayList<Unreadable>();
        for (ConsumerRecord<byte[], byte[]> message : messages) {
            read(message, commands, unreadable);
        }
        String topic = messages.iterator().next().topic();
        return receiver.untilItWorks(
                        topic, "What cannot be read of a poll of %d".formatted(messages.count()), setAside(unreadable))
                .chain(() -> commands.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : receiver.untilItWorks(
                                topic,
                                "A poll of %d".formatted(messages.count()),
                                Uni.createFrom().deferred(() -> submit(commands))));
    }

    private Uni<Void> submit(List<Command> commands) {
        return batcher.submit(new Submission(
                        Transfers.SERVICE,
                        commands.stream().map(Command::transfer).toList()))
                .replaceWithVoid()
                .onFailure(failure -> FailureClass.of(failure) == FailureClass.DATA)
                .recoverWithUni(failure -> commands.size() == 1
                        ? setAside(List.of(new Unreadable(
                                commands.getFirst().message(),
                                new UnusableRecordException("refused_by_database", "The database refuses it."))))
                        : submitSingly(commands));
    }

    /** What one of them does wrong, the others shall not suffer for. */
    private Uni<Void> submitSingly(List<Command> commands) {
        return Multi.createFrom()
                .iterable(commands)
                .onItem()
                .transformToUniAndConcatenate(one -> submit(List.of(one)))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private void read(ConsumerRecord<byte[], byte[]> message, List<Command> commands, List<Unreadable> unreadable) {
        try {
            @Nullable TransferRequest request = message.value() == null
                    ? null
                    : StrictJson.readerFor(TransferRequest.class).readValue(message.value());
            if (request == null) {
                unreadable.add(
                        new Unreadable(message, new UnusableRecordException("not_an_object", "There is no payload.")));
                return;
            }
            TransferRequest.Read read = request.read(null, "", Instant.now(clock));
            // a chain is of one request; records of a topic are each for itself
            if (Boolean.TRUE.equals(request.linked())) {
                unreadable.add(new Unreadable(
                        message,
                        new UnusableRecordException("invalid_value", "/linked is for batches: leave it out.")));
            } else if (read.transfer().isEmpty()) {
                unreadable.add(Unreadable.of(message, read.violations().getFirst()));
            } else {
                commands.add(new Command(message, read.transfer().orElseThrow()));
            }
        } catch (IOException unread) {
            unreadable.add(Unreadable.of(message, StrictJson.explain(unread)));
        }
    }

    private Uni<Void> setAside(List<Unreadable> unreadable) {
        return Multi.createFrom()
                .iterable(unreadable)
                .onItem()
                .transformToUniAndConcatenate(one -> {
                    receiver.recordSetAside(one.message(), one.why());
                    return deadLetters.sendMessage(letter(one));
                })
                .collect()
                .last()
                .replaceWithVoid();
    }

    private static Message<byte[]> letter(Unreadable one) {
        var headers = new RecordHeaders();
        headers.add("dead-letter-reason", one.why().getMessage().getBytes(StandardCharsets.UTF_8));
        return Message.of(
                        one.message().value() == null
                                ? new byte[0]
                                : one.message().value())
                .addMetadata(OutgoingKafkaRecordMetadata.<byte[]>builder()
                        .withKey(one.message().key())
                        .withHeaders(headers)
                        .build());
    }
}
