package dev.holdfast.media.store;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A disk that loses at a power cut what POSIX lets it lose, decided by a seed.
 *
 * <p>It works on a real directory, which it never really syncs, and keeps beside it what of that is on the medium. What the disk is asked to do is counted (not
 * reading); at a number of your choice the power goes: that operation has happened or not, throws {@link PowerCutException}, and so
 * does everything after it. {@link #restart} then makes the directory what a machine could find that comes up again:
 *
 * <ul>
 *   <li>of what was written to a file since its last sync, any pages or the first part of them, the others being as before or zeros; any of its
 *       sizes since
 *   <li>of what happened to a name since its directory was synced, any state: a renamed file is under its old name, its new one,
 *       both, or neither
 * </ul>
 *
 * <p>After {@link #restartAfterKill} everything is there, as after {@code kill -9}, and what was not synced can still be lost later.
 *
 * <pre>{@code
 * var disk = new CrashableDisk(directory, seed);
 * disk.cutPowerAt(random.nextInt(40));
 * try { publish(disk); acknowledged = true; } catch (IOException crashed) { }
 * disk.restart();
 * }</pre>
 *
 * Same seed and same operations in the same order, same outcome. Everything below the directory must be made through it.
 */
public final class CrashableDisk extends Disk {
    private static final int PAGE_LENGTH = 4096;

    private final Path root;
    private final SplittableRandom random;
    private final List<String> history = new ArrayList<>();
    private final Map<OpenFile, FileNode> open = new LinkedHashMap<>();
    private FolderNode tree;
    private long cutAt = Long.MAX_VALUE;
    private boolean off;
    private long space = Long.MAX_VALUE;
    private Predicate<Path> syncFails = path -> false;
    private Predicate<Path> syncIsLost = path -> false;
    private Predicate<Path> readOnly = path -> false;

    /** What the code under test sees when the power goes, and from then on. */
    public static final class PowerCutException extends IOException {
        PowerCutException(String message) {
            super(message);
        }
    }

    private interface Operation<T> {
        T run() throws IOException;
    }

    private sealed interface Node permits FileNode, FolderNode {}

    private sealed interface Change permits Written, Truncated {}

    private record Written(int position, Buffer bytes) implements Change {}

    private record Truncated(int size) implements Change {}

    private static final class FileNode implements Node {
        private byte[] durable = {};
        private final List<Change> pending = new ArrayList<>();
    }

    private static final class FolderNode implements Node {
        private final Map<String, Name> names = new TreeMap<>();

        Name name(Path path) {
            return names.computeIfAbsent(path.getFileName().toString(), ignored -> new Name());
        }
    }

    /** What a name has stood for since its directory was last synced, the durable one first; null for nothing. */
    private static final class Name {
        private final List<Node> states = new ArrayList<>();

        Name() {
            states.add(null);
        }

        Node node() {
            return states.getLast();
        }

        void set(Node node) {
            states.add(node);
        }

        void sync() {
            states.subList(0, states.size() - 1).clear();
        }
    }

    /** @param root is there; what is in it is on the medium */
    public CrashableDisk(Path root, long seed) throws IOException {
        this.root = root.toAbsolutePath();
        // neighbouring seeds of Random begin alike
        this.random = new SplittableRandom(seed);
        this.tree = scan(this.root);
    }

    /** @param number of the operation from now on, the next one being 0 */
    public synchronized void cutPowerAt(int number) {
        cutAt = (long) history.size() + number;
    }

    /** Operations so far, with their paths. */
    public synchronized List<String> history() {
        return List.copyOf(history);
    }

    /** So many bytes can be written from now on; then there is no space left. Nothing gives space back. */
    public synchronized void limitSpace(long bytes) {
        space = bytes;
    }

    /** The next sync of a file or directory that this is true of fails with EIO, and what it was to sync is never written. */
    public synchronized void failNextSync(Predicate<Path> where) {
        syncFails = where;
    }

    /** Syncs of such a file or directory do nothing, as in code that has forgotten them. */
    public synchronized void loseSyncs(Predicate<Path> where) {
        syncIsLost = where;
    }

    /** No name in such a directory can be made, changed or removed. */
    public synchronized void makeReadOnly(Predicate<Path> directories) {
        readOnly = directories;
    }

    /** Power is back; what was not synced is there or not. */
    public synchronized void restart() throws IOException {
        closeAll();
        var survivors = new HashMap<FileNode, byte[]>();
        FolderNode before = tree;
        clear(root);
        settle(before, root, survivors);
        tree = scan(root);
    }

    /** The process is back, and has lost nothing yet. */
    public synchronized void restartAfterKill() throws IOException {
        closeAll();
    }

    private void closeAll() throws IOException {
        for (OpenFile file : open.keySet()) {
            file.close();
        }
        open.clear();
        off = false;
        cutAt = Long.MAX_VALUE;
    }

    // --- what code under test calls

    @Override
    public synchronized OpenFile create(Path file) throws IOException {
        return perform("create", file, () -> {
            checkWritable(file);
            checkSpace(file);
            OpenFile created = super.create(file);
            var node = new FileNode();
            folder(file.getParent()).name(file).set(node);
            open.put(created, node);
            return created;
        });
    }

    @Override
    public synchronized OpenFile open(Path file) throws IOException {
        checkPower();
        return opened(super.open(file));
    }

    @Override
    public synchronized OpenFile openToRead(Path file) throws IOException {
        checkPower();
        return opened(super.openToRead(file));
    }

    private OpenFile opened(OpenFile file) {
        open.put(file, (FileNode) node(file.path()));
        return file;
    }

    @Override
    public synchronized void write(OpenFile file, long position, ByteBuffer bytes) throws IOException {
        perform("write", file.path(), () -> {
            boolean full = bytes.remaining() > space;
            int length = (int) Math.min(space, bytes.remaining());
            byte[] written = new byte[length];
            bytes.get(written);
            super.write(file, position, ByteBuffer.wrap(written));
            open.get(file).pending.add(new Written(Math.toIntExact(position), Buffer.buffer(written)));
            space -= length;
            if (full) {
                throw new FileSystemException(file.path().toString(), null, "No space left on device");
            }
            return null;
        });
    }

    @Override
    public synchronized void read(OpenFile file, long position, ByteBuffer into) throws IOException {
        checkPower();
        super.read(file, position, into);
    }

    @Override
    public synchronized void truncate(OpenFile file, long size) throws IOException {
        perform("truncate", file.path(), () -> {
            super.truncate(file, size);
            open.get(file).pending.add(new Truncated(Math.toIntExact(size)));
            return null;
        });
    }

    @Override
    protected synchronized void force(OpenFile file) throws IOException {
        perform("sync", file.path(), () -> {
            FileNode node = open.get(file);
            if (!file.channel().isOpen()) {
                throw new ClosedChannelException();
            }
            if (fails(file.path())) {
                // the pages are clean now, and were never written
                node.pending.clear();
                throw new FileSystemException(file.path().toString(), null, "Input/output error");
            }
            if (!syncIsLost.test(file.path())) {
                node.durable = applied(node.durable, node.pending);
                node.pending.clear();
            }
            return null;
        });
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        perform("rename", to, () -> {
            checkWritable(from);
            checkWritable(to);
            super.rename(from, to);
            Node node = node(from);
            folder(from.getParent()).name(from).set(null);
            folder(to.getParent()).name(to).set(node);
            return null;
        });
    }

    @Override
    public synchronized void syncDirectory(Path directory) throws IOException {
        perform("sync directory", directory, () -> {
            if (fails(directory)) {
                throw new FileSystemException(directory.toString(), null, "Input/output error");
            }
            if (!syncIsLost.test(directory)) {
                folder(directory).names.values().forEach(Name::sync);
            }
            return null;
        });
    }

    @Override
    public synchronized void createDirectory(Path directory) throws IOException {
        perform("create directory", directory, () -> {
            Name name = folder(directory.getParent()).name(directory);
            if (name.node() == null) {
                checkWritable(directory);
                checkSpace(directory);
                super.createDirectory(directory);
                name.set(new FolderNode());
            }
            return null;
        });
    }

    @Override
    public synchronized boolean delete(Path file) throws IOException {
        return perform("delete", file, () -> {
            checkWritable(file);
            boolean deleted = super.delete(file);
            if (deleted) {
                folder(file.getParent()).name(file).set(null);
            }
            return deleted;
        });
    }

    @Override
    public synchronized List<Path> list(Path directory) throws IOException {
        checkPower();
        return super.list(directory).stream().sorted().toList();
    }

    @Override
    public synchronized boolean exists(Path file) throws IOException {
        checkPower();
        return super.exists(file);
    }

    @Override
    public synchronized long size(Path file) throws IOException {
        checkPower();
        return super.size(file);
    }

    // --- faults

    private <T> T perform(String what, Path path, Operation<T> operation) throws IOException {
        checkPower();
        String name = "%s %s".formatted(what, root.relativize(path.toAbsolutePath()));
        history.add(name);
        if (history.size() <= cutAt) {
            return operation.run();
        }
        off = true;
        if (random.nextBoolean()) {
            operation.run();
        }
        throw new PowerCutException("the power went at operation %d, %s".formatted(cutAt, name));
    }

    private void checkPower() throws PowerCutException {
        if (off) {
            throw new PowerCutException("there is no power");
        }
    }

    private boolean fails(Path path) {
        if (!syncFails.test(path)) {
            return false;
        }
        syncFails = other -> false;
        return true;
    }

    private void checkWritable(Path path) throws IOException {
        if (readOnly.test(path.getParent())) {
            throw new AccessDeniedException(path.toString());
        }
    }

    private void checkSpace(Path path) throws IOException {
        if (space <= 0) {
            throw new FileSystemException(path.toString(), null, "No space left on device");
        }
    }

    // --- what is on the medium

    private FolderNode folder(Path path) {
        return (FolderNode) node(path);
    }

    private Node node(Path path) {
        Node node = tree;
        for (Path name : root.relativize(path.toAbsolutePath())) {
            if (!name.toString().isEmpty()) {
                node = ((FolderNode) node).name(name).node();
            }
        }
        return node;
    }

    private static FolderNode scan(Path directory) throws IOException {
        var folder = new FolderNode();
        try (Stream<Path> children = Files.list(directory)) {
            for (Path child : children.sorted().toList()) {
                Node node = Files.isDirectory(child) ? scan(child) : file(Files.readAllBytes(child));
                folder.name(child).set(node);
            }
        }
        folder.names.values().forEach(Name::sync);
        return folder;
    }

    private static FileNode file(byte[] content) {
        var file = new FileNode();
        file.durable = content;
        return file;
    }

    private static byte[] applied(byte[] content, List<Change> changes) {
        byte[] result = content;
        for (Change change : changes) {
            result = switch (change) {
                case Written(int position, Buffer bytes) -> {
                    byte[] longer = Arrays.copyOf(result, Math.max(result.length, position + bytes.length()));
                    bytes.getBytes(longer, position);
                    yield longer;
                }
                case Truncated(int size) -> Arrays.copyOf(result, size);
            };
        }
        return result;
    }

    // --- what is left of it

    private static void clear(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(directory)) {
                    Files.delete(file);
                }
            }
        }
    }

    private void settle(FolderNode folder, Path directory, Map<FileNode, byte[]> survivors) throws IOException {
        for (var name : folder.names.entrySet()) {
            List<Node> states = name.getValue().states;
            Path path = directory.resolve(name.getKey());
            switch (states.get(random.nextInt(states.size()))) {
                case null -> {}
                case FolderNode child -> {
                    Files.createDirectory(path);
                    settle(child, path, survivors);
                }
                case FileNode file -> {
                    if (!survivors.containsKey(file)) {
                        survivors.put(file, survivor(file));
                    }
                    Files.write(path, survivors.get(file));
                }
            }
        }
    }

    /** Often all or nothing of what was not synced, because that is when most goes wrong unseen; or pages of it. */
    private byte[] survivor(FileNode file) {
        return switch (random.nextInt(3)) {
            case 0 -> file.durable;
            case 1 -> applied(file.durable, file.pending);
            default -> torn(file);
        };
    }

    private byte[] torn(FileNode file) {
        var sizes = new ArrayList<Integer>(List.of(file.durable.length));
        var kept = new ArrayList<Change>();
        byte[] whole = file.durable;
        for (Change change : file.pending) {
            whole = applied(whole, List.of(change));
            sizes.add(whole.length);
            switch (change) {
                case Truncated truncated when random.nextBoolean() -> kept.add(truncated);
                case Truncated lost -> {}
                case Written(int position, Buffer bytes) -> keepPages(position, bytes, kept);
            }
        }
        int from = sizes.get(random.nextInt(sizes.size()));
        int to = sizes.get(random.nextInt(sizes.size()));
        int size = random.nextBoolean() ? to : from + (int) (random.nextDouble() * (to - from));
        return Arrays.copyOf(applied(file.durable, kept), size);
    }

    private void keepPages(int position, Buffer bytes, List<Change> kept) {
        for (int at = 0; at < bytes.length(); ) {
            int end = Math.min(bytes.length(), at + PAGE_LENGTH - (position + at) % PAGE_LENGTH);
            if (random.nextBoolean()) {
                int whole = end - at;
                int length = random.nextBoolean() ? random.nextInt(whole) : whole;
                kept.add(new Written(position + at, bytes.slice(at, at + length)));
            }
            at = end;
        }
    }
}
