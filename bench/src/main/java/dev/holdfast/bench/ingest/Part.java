package dev.holdfast.bench.ingest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A stretch of the feed: one message for each product of a range, in an order of its own.
 *
 * @param firstNumber of the range
 * @param count products, and messages
 * @param version of each message
 */
record Part(int firstNumber, int count, long version) {
    /**
     * The same order each time: all of the first half in disorder, then all of the second. A product's messages in two parts
     * are therefore never in one batch, and what becomes of each can be foretold.
     */
    Stream<Item> items() {
        int half = count / 2;
        return Stream.concat(shuffled(firstNumber, half), shuffled(firstNumber + half, count - half));
    }

    private Stream<Item> shuffled(int first, int size) {
        List<Integer> numbers =
                new ArrayList<>(IntStream.range(first, first + size).boxed().toList());
        Collections.shuffle(numbers, new Random(version));
        return numbers.stream().map(number -> Item.of(number, version));
    }

    Item last() {
        return items().skip(count - 1L).findFirst().orElseThrow();
    }
}
