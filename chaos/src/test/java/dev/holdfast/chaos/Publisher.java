package dev.holdfast.chaos;

import dev.holdfast.local.demo.FeedRecord;
import dev.holdfast.testkit.TestKafka;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends a feed to {@code vendor.products}, and fails if one of its records is not acknowledged. */
final class Publisher {
    private Publisher() {}

    static void publish(TestKafka kafka, List<FeedRecord> feed) throws ExecutionException, InterruptedException {
        var answers = new ArrayList<Future<?>>(feed.size());
        try (var producer = kafka.producer()) {
            for (FeedRecord message : feed) {
                answers.add(producer.send(new ProducerRecord<>("vendor.products", message.key(), message.bytes())));
            }
        }
        for (Future<?> answer : answers) {
            answer.get();
        }
    }
}
