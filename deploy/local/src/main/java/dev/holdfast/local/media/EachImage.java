package dev.holdfast.local.media;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Works through images, several at once and never all in memory. */
final class EachImage {
    /** More keep a fast disk busier: each waits for the disk most of its time. */
    private static final int AT_ONCE = 8;

    private static final int BATCH = 512;

    private EachImage() {}

    /** Where images come from. */
    interface Source {
        /** Null when there are no more. */
        @Nullable ImageRef next() throws IOException, SQLException;
    }

    /** What is done with each. */
    interface Work {
        void with(ImageRef image) throws IOException, SQLException;
    }

    /** @param list has one on each line */
    static void of(Path list, Work work) throws IOException, SQLException {
        try (BufferedReader lines = Files.newBufferedReader(list)) {
            of(
                    () -> {
                        String line = lines.readLine();
                        return line == null ? null : ImageRef.ofLine(line);
                    },
                    work);
        }
    }

    /** Ends with the first failure. */
    static void of(Source source, Work work) throws IOException, SQLException {
        try (ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE)) {
            for (List<ImageRef> batch = batch(source); !batch.isEmpty(); batch = batch(source)) {
                List<Callable<Void>> tasks = batch.stream()
                        .<Callable<Void>>map(image -> () -> {
                            work.with(image);
                            return null;
                        })
                        .toList();
                for (Future<Void> done : workers.invokeAll(tasks)) {
                    done.get();
                }
            }
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }

    private static List<ImageRef> batch(Source source) throws IOException, SQLException {
        var batch = new ArrayList<ImageRef>();
        while (batch.size() < BATCH) {
            ImageRef image = source.next();
            if (image == null) {
                break;
            }
            batch.add(image);
        }
        return batch;
    }
}
