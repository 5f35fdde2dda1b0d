package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** CPU time of this process and of all below it, the ended ones included: servers, their backends, services. */
final class CpuTime {
    private static final Path PROC = Path.of("/proc");

    /** The unit of {@code /proc/<pid>/stat} (USER_HZ), the same on every Linux that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    /** Where the time stands behind the process's name: own user and system time, then those of ended children. */
    private static final int FIRST_FIELD = 11;

    private static final int FIELDS = 4;

    private CpuTime() {}

    /** Empty where there is no {@code /proc}. */
    static OptionalDouble seconds() {
        if (!Files.isReadable(PROC.resolve("self/stat"))) {
            return OptionalDouble.empty();
        }
        ProcessHandle self = ProcessHandle.current();
        return OptionalDouble.of(Stream.concat(Stream.of(self), self.descendants())
                .mapToDouble(process -> ticks(process.pid()) / TICKS_PER_SECOND)
                .sum());
    }

    private static long ticks(long pid) {
        String stat;
        try {
            stat = Files.readString(PROC.resolve(pid + "/stat"));
        } catch (IOException ended) {
            return 0; // its parent has its time by now
        }
        // the name is in parentheses and may contain blanks
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Stream.of(fields)
                .skip(FIRST_FIELD)
                .limit(FIELDS)
                .mapToLong(Long::parseLong)
                .sum();
    }
}
