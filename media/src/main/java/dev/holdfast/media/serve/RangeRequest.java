package dev.holdfast.media.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a client asks for by the header {@code Range} (RFC 9110, 14.1.2 and 14.2), of bytes of a known size. */
sealed interface RangeRequest {
    /** All of it: nothing was asked for, or what may be ignored. */
    record Whole() implements RangeRequest {}

    /** In the order in which they were asked for; one at least. */
    record Parts(List<ByteRange> ranges) implements RangeRequest {}

    /** None of what was asked for is there: 416. */
    record NotSatisfiable() implements RangeRequest {}

    /** More is a way to have the server send the same many times over. */
    int RANGES_MAX = 16;

    Pattern SPEC = Pattern.compile("(\\d{0,18})-(\\d{0,18})");

    /** @param header null when there is none */
    static RangeRequest of(@Nullable String header, long size) {
        if (header == null || !header.regionMatches(true, 0, "bytes=", 0, "bytes=".length())) {
            return new Whole();
        }
        var ranges = new ArrayList<ByteRange>();
        String[] specs = header.substring("bytes=".length()).split(",", -1);
        for (String spec : specs) {
            Matcher matcher = SPEC.matcher(spec.strip());
            if (!matcher.matches() || !isValid(matcher.group(1), matcher.group(2))) {
                return new Whole();
            }
            range(matcher.group(1), matcher.group(2), size).ifPresent(ranges::add);
        }
        if (ranges.isEmpty()) {
            return new NotSatisfiable();
        }
        return ranges.size() > RANGES_MAX || overlap(ranges) ? new Whole() : new Parts(List.copyOf(ranges));
    }

    private static boolean isValid(String first, String last) {
        return first.isEmpty() ? !last.isEmpty() : last.isEmpty() || Long.parseLong(first) <= Long.parseLong(last);
    }

    /** Empty when none of these bytes are there. */
    private static Optional<ByteRange> range(String first, String last, long size) {
        long begin = first.isEmpty() ? Math.max(0, size - Long.parseLong(last)) : Long.parseLong(first);
        long end = first.isEmpty() || last.isEmpty() ? size - 1 : Math.min(Long.parseLong(last), size - 1);
        return begin <= end ? Optional.of(new ByteRange(begin, end)) : Optional.empty();
    }

    private static boolean overlap(List<ByteRange> ranges) {
        List<ByteRange> sorted = ranges.stream()
                .sorted((one, other) -> Long.compare(one.first(), other.first()))
                .toList();
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).first() <= sorted.get(i - 1).last()) {
                return true;
            }
        }
        return false;
    }
}
