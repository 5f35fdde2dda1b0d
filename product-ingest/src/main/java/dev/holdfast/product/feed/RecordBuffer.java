package dev.holdfast.product.feed;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Records of a partition between the thread that fetches and the thread that applies them. It takes whatever was
 * fetched, and says when it has enough; it is closed until the fetching thread has gone to the right offset.
 */
final class RecordBuffer {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();
    private final Deque<ConsumerRecord<byte[], byte[]>> records = new ArrayDeque<>();
    private final int enough;
    private final Runnable onRoom;
    private boolean open;

    /**
     * @param enough records
     * @param onRoom called when it had enough and half of it is gone
     */
    RecordBuffer(int enough, Runnable onRoom) {
        this.enough = enough;
        this.onRoom = onRoom;
    }

    /** What comes from now on counts, and nothing that came before. */
    void open() {
        lock.lock();
        try {
            records.clear();
            open = true;
        } finally {
            lock.unlock();
        }
    }

    /** Drops what it has and whatever comes until it is opened again. */
    void close() {
        lock.lock();
        try {
            records.clear();
            open = false;
        } finally {
            lock.unlock();
        }
    }

    void add(List<ConsumerRecord<byte[], byte[]>> fetched) {
        lock.lock();
        try {
            if (open) {
                records.addAll(fetched);
                notEmpty.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean hasEnough() {
        lock.lock();
        try {
            return records.size() >= enough;
        } finally {
            lock.unlock();
        }
    }

    /**
     * @param max records
     * @param wait a second for one to come; otherwise at once
     * @return may be empty
     */
    List<ConsumerRecord<byte[], byte[]>> take(int max, boolean wait) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long patienceNs = wait ? PATIENCE.toNanos() : 0;
            while (records.isEmpty() && patienceNs > 0) {
                patienceNs = notEmpty.awaitNanos(patienceNs);
            }
            boolean hadMuch = records.size() > enough / 2;
            var taken = new ArrayList<ConsumerRecord<byte[], byte[]>>(Math.min(max, records.size()));
            while (taken.size() < max && !records.isEmpty()) {
                taken.add(records.removeFirst());
            }
            if (hadMuch && records.size() <= enough / 2) {
                onRoom.run();
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }
}
