package dev.holdfast.bench.media;

import dev.holdfast.bench.Comparison;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Schema;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Stopwatch;
import dev.holdfast.bench.Subject;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.FileWork;
import dev.holdfast.media.store.Staging;
import dev.holdfast.platform.postgres.RetryConfig;
import dev.holdfast.platform.postgres.TransactionRetry;
import dev.holdfast.platform.postgres.Transactions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.postgresql.PGConnection;

/** What it takes to keep bytes in PostgreSQL, or in something that speaks like S3, beside files. */
public final class StoreLatency implements Comparison {
    private static final int CONNECTIONS = 8;
    private static final int THREADS = 8;
    private static final int WAITING_MAX = 1_000;
    private static final double GIGABYTE = 1e9;
    private static final String FILES = "the files store";
    private static final String S3_FILES =
            "the files store. This is Adobe's S3Mock on this machine: it says what our side costs, and nothing of S3";

    private record Retry(int maxAttempts, Duration delayMin, Duration delayMax) implements RetryConfig {}

    @Override
    public List<Subject> subjects() {
        var subjects = new ArrayList<Subject>();
        for (String store : List.of("postgres", "s3")) {
            for (StoreRun.Size size : StoreRun.SIZES) {
                for (String what : List.of("write", "read")) {
                    subjects.add(new Subject(
                            "media-store-%s-%s-%s".formatted(store, what, size.name()),
                            "ms",
                            store.equals("s3") ? S3_FILES : FILES,
                            null));
                }
            }
        }
        subjects.add(new Subject("media-store-postgres-wal", "bytes", "a byte that is stored", null));
        subjects.add(
                new Subject("media-store-postgres-space", "bytes", "the files store, per byte that is stored", null));
        subjects.add(new Subject(
                "media-store-postgres-backup",
                "ms per GB",
                "cp -a and sync of the files store; COPY in binary and fsync here",
                null));
        return subjects;
    }

    @Override
    public boolean warmsUpInEachRun() {
        return true;
    }

    @Override
    public List<Run> product(Servers servers) throws Exception {
        var runs = new ArrayList<Run>();
        List<Run> rest = new ArrayList<>();
        Schema schema;
        try (var service = MediaService.start(servers)) {
            schema = service.schema();
        }
        try (var work = new FileWork(THREADS, WAITING_MAX)) {
            Pool pool = schema.openPool(CONNECTIONS);
            try {
                var disk = new Disk();
                var staging = new Staging(disk, servers.emptyDirectory("store-staging"), work);
                var run = new StoreRun(servers, staging, BlobStores.postgres(pool, transactions(pool), disk, work));
                long before = writtenAhead(schema);
                runs.addAll(run.measure());
                Run any = runs.getFirst();
                rest.add(any.withValue((double) (writtenAhead(schema) - before) / run.bytes()));
                rest.add(any.withValue(
                        (double) MediaService.number(schema, "SELECT pg_total_relation_size('blob_chunk')")
                                / run.bytes()));
                rest.add(backup(servers, schema, run.bytes()));
            } finally {
                pool.closeAndAwait();
            }
        }
        try (var work = new FileWork(THREADS, WAITING_MAX);
                var s3 = S3MockServer.start(servers.emptyDirectory("s3mock"))) {
            var staging = new Staging(new Disk(), servers.emptyDirectory("store-staging"), work);
            runs.addAll(new StoreRun(servers, staging, BlobStores.s3(s3.config(), S3MockServer.BUCKET)).measure());
        }
        runs.addAll(rest);
        return runs;
    }

    @Override
    public List<Run> peer(Servers servers) throws Exception {
        Path base = servers.emptyDirectory("store-files");
        try (var work = new FileWork(THREADS, WAITING_MAX)) {
            var disk = new Disk();
            var run = new StoreRun(servers, new Staging(disk, base, work), BlobStores.files(disk, base, work));
            List<Run> files = run.measure();
            Run any = files.getFirst();
            var runs = new ArrayList<>(files);
            runs.addAll(files);
            runs.add(any.withValue(1));
            runs.add(any.withValue((double) space(base.resolve("objects")) / run.bytes()));
            runs.add(copy(servers, base.resolve("objects"), run.bytes()));
            return runs;
        }
    }

    private static Transactions transactions(Pool pool) {
        return new Transactions(
                pool,
                new TransactionRetry(
                        new Retry(20, Duration.ofMillis(2), Duration.ofMillis(50)),
                        RandomGenerator.getDefault(),
                        new SimpleMeterRegistry()));
    }

    private static long writtenAhead(Schema schema) throws SQLException {
        return MediaService.number(schema, "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint");
    }

    private static Run backup(Servers servers, Schema schema, long stored) throws SQLException, IOException {
        Path backup = servers.emptyDirectory("store-backup").resolve("blob_chunk");
        Stopwatch stopwatch = servers.startStopwatch();
        try (Connection connection = schema.connectAsOwner();
                FileChannel file = FileChannel.open(backup, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            OutputStream output = Channels.newOutputStream(file);
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY blob_chunk TO STDOUT (FORMAT binary)", output);
            file.force(true);
        }
        Run run = stopwatch.stopMs(stored);
        if (Files.size(backup) < stored) {
            throw new IllegalStateException("The copy has fewer bytes than were stored");
        }
        return run.withValue(run.value() * GIGABYTE / stored);
    }

    private static Run copy(Servers servers, Path objects, long stored) throws Exception {
        Path backup = servers.emptyDirectory("store-backup");
        Stopwatch stopwatch = servers.startStopwatch();
        for (List<String> command : List.of(
                List.of("cp", "-a", objects.toString(), backup.toString()), List.of("sync", "-f", backup.toString()))) {
            if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
                throw new IllegalStateException("%s failed".formatted(command));
            }
        }
        Run run = stopwatch.stopMs(stored);
        if (sizes(backup).mapToLong(size -> size).sum() != stored) {
            throw new IllegalStateException("The copy has other bytes than were stored");
        }
        return run.withValue(run.value() * GIGABYTE / stored);
    }

    /** In whole blocks, as file systems give it. */
    private static long space(Path directory) throws IOException {
        long block = Files.getFileStore(directory).getBlockSize();
        return sizes(directory)
                .mapToLong(size -> Math.ceilDiv(size, block) * block)
                .sum();
    }

    private static Stream<Long> sizes(Path directory) throws IOException {
        var sizes = new ArrayList<Long>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                sizes.add(Files.size(path));
            }
        }
        return sizes.stream();
    }
}
