package dev.holdfast.media.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes directories that survive a power cut: each one's name is synced in its parent, up to the base.
 *
 * <p>One that is there already was perhaps made a moment ago, by somebody who has not synced it yet or never will; so it is synced
 * the first time that this process meets it.
 */
final class Directories {
    private final Disk disk;
    private final Path base;
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();

    /** @param base the topmost directory that may be made; its parent is there, and durable */
    Directories(Disk disk, Path base) {
        this.disk = disk;
        this.base = base.toAbsolutePath();
    }

    void ensure(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        if (durable.contains(absolute)) {
            return;
        }
        Path parent = absolute.getParent();
        if (parent == null || !absolute.startsWith(base)) {
            throw new IllegalArgumentException("%s is not within %s".formatted(directory, base));
        }
        if (!absolute.equals(base)) {
            ensure(parent);
        }
        disk.createDirectory(absolute);
        disk.syncDirectory(parent);
        durable.add(absolute);
    }
}
