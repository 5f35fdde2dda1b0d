package dev.holdfast.media.variant;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy.Eviction;
import dev.holdfast.media.store.BlobException;
import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.FileWork;
import dev.holdfast.media.store.Sha256;
import dev.holdfast.media.variant.VariantResult.Made;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Variants in a directory of one process, up to a number of bytes; what is asked for least goes first (W-TinyLFU). The names of the
 * files are all that is known of them, so nothing else has to agree with them, and all of it may be deleted at any time.
 *
 * <p>Nothing is synced. A file comes by renaming, so its name is there with all of its bytes or not at all, unless the power goes:
 * then a name may be left whose bytes are not. So what was there at the start is compared with the digest in its name the first time
 * that it is used. Those that are small are kept in memory as well.
 *
 * <p>A file that has to make room stays for a while, so that whoever has just found it can open it; once it is open, its bytes stay
 * until it is closed.
 */
final class VariantCache implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(VariantCache.class);

    /** In bytes. Larger ones are sent from their files, which costs them little. */
    static final int SMALL = 64 * 1024;

    private static final int BLOCK = 4096;
    private static final int CHUNK_LENGTH = 64 * 1024;
    private static final String TEMPORARY = "tmp";

    private final Path directory;
    private final Disk disk;
    private final FileWork work;
    private final Duration grace;
    private final TemporaryFiles temporary;
    private final Cache<VariantKey, Variant> index;
    private final Cache<Variant, Buffer> memory;
    /** They were there at the start, and nobody has looked at them since. */
    private final Set<Variant> unread = ConcurrentHashMap.newKeySet();
    /** No longer in the index, and still in the directory. */
    private final Set<Variant> retired = ConcurrentHashMap.newKeySet();

    private final ScheduledExecutorService housekeeping = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("media-variants").daemon().factory());

    /**
     * @param bytesMax of the files, of which each takes whole blocks; more keep more variants from being made again
     * @param memoryBytesMax of the small ones that are kept in memory as well
     * @param grace how long a file stays that has made room; longer takes more of the disk, and lets slower ones open it
     */
    record Limits(long bytesMax, long memoryBytesMax, Duration grace) {}

    private VariantCache(Path directory, Disk disk, FileWork work, Limits limits) throws IOException {
        this.directory = directory;
        this.disk = disk;
        this.work = work;
        this.grace = limits.grace();
        this.temporary = TemporaryFiles.in(directory.resolve(TEMPORARY), housekeeping);
        this.index = Caffeine.newBuilder()
                .maximumWeight(limits.bytesMax())
                .weigher((VariantKey key, Variant variant) -> weight(variant))
                .evictionListener((key, variant, cause) -> {
                    if (variant != null) {
                        retire(variant);
                    }
                })
                .executor(housekeeping)
                .build();
        this.memory = Caffeine.newBuilder()
                .maximumWeight(limits.memoryBytesMax())
                .weigher((Variant variant, Buffer bytes) -> bytes.length())
                .executor(housekeeping)
                .build();
    }

    /**
     * Blocks.
     *
     * @param directory is made when it is not there; what is not ours in it is left alone
     */
    static VariantCache open(Path directory, Disk disk, FileWork work, Limits limits) throws IOException {
        var cache = new VariantCache(directory, disk, work, limits);
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(directory, "[0-9a-f][0-9a-f]")) {
            for (Path folder : folders) {
                cache.find(folder);
            }
        }
        return cache;
    }

    private void find(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Variant.parse(file.getFileName().toString())
                        .filter(variant -> path(variant).equals(file))
                        .ifPresent(variant -> {
                            unread.add(variant);
                            enter(variant);
                        });
            }
        }
    }

    private static int weight(Variant variant) {
        return (int) Math.min(Integer.MAX_VALUE, (variant.size() + BLOCK - 1) / BLOCK * BLOCK);
    }

    TemporaryFiles temporary() {
        return temporary;
    }

    // ---- reading

    @Nullable Variant find(VariantKey key) {
        return index.getIfPresent(key);
    }

    /** The same for who does not use it. */
    Optional<Variant> peek(VariantKey key) {
        return Optional.ofNullable(index.policy().getIfPresentQuietly(key));
    }

    /** Null when it has to be {@link #read} first. */
    @Nullable Made ready(Variant variant) {
        if (variant.size() > SMALL) {
            return unread.contains(variant) ? null : new Made(variant, new FileBytes(path(variant), disk, work));
        }
        Buffer bytes = memory.getIfPresent(variant);
        return bytes == null ? null : new Made(variant, new MemoryBytes(bytes));
    }

    /** Blocks. Empty when it is not what it should be; then it is not there any more. */
    Optional<Made> read(Variant variant) throws IOException {
        Content content;
        try {
            content = Content.of(path(variant));
        } catch (NoSuchFileException gone) {
            discard(variant);
            return Optional.empty();
        }
        if (content.size() != variant.size() || !content.digest().equals(variant.digest())) {
            LOG.warnf("%s is torn, and is made again", path(variant));
            discard(variant);
            return Optional.empty();
        }
        return Optional.of(made(variant, content));
    }

    private Made made(Variant variant, Content content) {
        unread.remove(variant);
        Buffer bytes = content.bytes();
        if (bytes == null) {
            return new Made(variant, new FileBytes(path(variant), disk, work));
        }
        memory.put(variant, bytes);
        return new Made(variant, new MemoryBytes(bytes));
    }

    // ---- writing

    /**
     * Blocks.
     *
     * @param rendered whole, and a temporary file of ours; it is no longer there afterwards
     */
    Made add(VariantKey key, Path rendered) throws IOException {
        Content content = Content.of(rendered);
        var variant = new Variant(key, content.size(), content.digest(), Variant.nextCopy());
        Files.createDirectories(directory.resolve(variant.folder()));
        Files.move(rendered, path(variant), StandardCopyOption.ATOMIC_MOVE);
        // first in memory: whoever finds it in the index need not read it
        Made made = made(variant, content);
        enter(variant);
        return made;
    }

    private void enter(Variant variant) {
        Variant before = index.asMap().put(variant.key(), variant);
        if (before != null) {
            retire(before);
        }
    }

    /** Deletes it, unless it has been already. Blocks. */
    void discard(Variant variant) throws IOException {
        index.asMap().remove(variant.key(), variant);
        forget(variant);
        Files.deleteIfExists(path(variant));
    }

    /**
     * Deletes all of these, also those that are on their way out. Blocks.
     *
     * @throws BlobException when one cannot be deleted; it is not used any more
     */
    void discard(Predicate<VariantKey> which) {
        for (Variant variant : all().filter(one -> which.test(one.key())).toList()) {
            try {
                discard(variant);
            } catch (IOException failed) {
                throw BlobException.unavailable(path(variant), failed);
            }
        }
    }

    /** Hashes of the images that there is something of. */
    Set<Sha256> images() {
        return all().map(variant -> variant.key().image()).collect(Collectors.toSet());
    }

    private Stream<Variant> all() {
        // in this order: who leaves the index is retired before
        return Stream.concat(index.asMap().values().stream(), retired.stream());
    }

    private void retire(Variant variant) {
        retired.add(variant);
        try {
            var _ = housekeeping.schedule(() -> bury(variant), grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            // the next start finds it
        }
    }

    private void bury(Variant variant) {
        try {
            forget(variant);
            Files.deleteIfExists(path(variant));
        } catch (IOException failed) {
            LOG.warnf("%s stays until the next start: %s", path(variant), failed);
        }
    }

    private void forget(Variant variant) {
        memory.invalidate(variant);
        unread.remove(variant);
        retired.remove(variant);
    }

    private Path path(Variant variant) {
        return directory.resolve(variant.folder()).resolve(variant.fileName());
    }

    // ---- for those who watch

    /** Of the files that are in the index; as the disk counts them, in whole blocks. */
    long bytes() {
        return index.policy()
                .eviction()
                .map(Eviction::weightedSize)
                .orElseThrow()
                .orElse(0);
    }

    long count() {
        return index.estimatedSize();
    }

    /** Brings what is pending to its end; a cache is evicted from behind the scenes. */
    void settle() {
        index.cleanUp();
    }

    @Override
    public void close() {
        housekeeping.shutdownNow();
    }

    /** @param bytes null unless it is small */
    private record Content(
            long size, String digest, @Nullable Buffer bytes) {
        static Content of(Path file) throws IOException {
            if (Files.size(file) <= SMALL) {
                byte[] bytes = Files.readAllBytes(file);
                return new Content(bytes.length, Variant.digest(Sha256.of(bytes)), Buffer.buffer(bytes));
            }
            MessageDigest digest = Sha256.digest();
            long size = 0;
            byte[] chunk = new byte[CHUNK_LENGTH];
            try (InputStream in = Files.newInputStream(file)) {
                for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                    digest.update(chunk, 0, read);
                    size += read;
                }
            }
            return new Content(size, Variant.digest(Sha256.of(digest)), null);
        }
    }
}
