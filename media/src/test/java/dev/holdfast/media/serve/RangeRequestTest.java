package dev.holdfast.media.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangeRequestTest {
    @ParameterizedTest
    @CsvSource({
        "0-0, 0, 0",
        "0-499, 0, 499",
        "500-, 500, 999",
        "-1, 999, 999",
        "-2000, 0, 999",
        "990-5000, 990, 999",
        "999-999, 999, 999"
    })
    void onePart(String spec, long first, long last) {
        assertThat(RangeRequest.of("bytes=" + spec, 1_000))
                .isEqualTo(new RangeRequest.Parts(List.of(new ByteRange(first, last))));
    }

    @Test
    void partsComeInTheOrderAskedForAndWithoutThoseThatAreNotThere() {
        assertThat(RangeRequest.of("Bytes=900-999 , 0-9,5000-6000", 1_000))
                .isEqualTo(new RangeRequest.Parts(List.of(new ByteRange(900, 999), new ByteRange(0, 9))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1000-", "1000-2000", "-0", "5000-6000,7000-"})
    void whatIsNotThereIsRefused(String spec) {
        assertThat(RangeRequest.of("bytes=" + spec, 1_000)).isEqualTo(new RangeRequest.NotSatisfiable());
    }

    /** RFC 9110 lets a server ignore what it does not understand, and what would make it send the same again and again. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "lines=0-9",
                "bytes=",
                "bytes=-",
                "bytes=9-0",
                "bytes=a-b",
                "bytes=0-9,",
                "bytes=0-9;1-2",
                "bytes=0-99999999999999999999",
                "bytes=0-,0-,0-",
                "bytes=0-1,2-3,4-5,6-7,8-9,10-11,12-13,14-15,16-17,18-19,20-21,22-23,24-25,26-27,28-29,30-31,32-33"
            })
    void theRestIsIgnored(String header) {
        assertThat(RangeRequest.of(header, 1_000)).isEqualTo(new RangeRequest.Whole());
    }

    @Test
    void nothingIsNothingInParts() {
        assertThat(RangeRequest.of(null, 0)).isEqualTo(new RangeRequest.Whole());
        assertThat(RangeRequest.of("bytes=0-", 0)).isEqualTo(new RangeRequest.NotSatisfiable());
    }

    /** Whatever is asked for, what is answered lies within. */
    @Property
    void partsLieWithin(
            @ForAll @LongRange(min = 0, max = 50) long size,
            @ForAll @LongRange(min = 0, max = 60) long first,
            @ForAll @LongRange(min = 0, max = 60) long length) {
        for (String spec : List.of("%d-%d".formatted(first, first + length), first + "-", "-" + length)) {
            if (RangeRequest.of("bytes=" + spec, size) instanceof RangeRequest.Parts parts) {
                ByteRange range = parts.ranges().getFirst();
                assertThat(range.first()).isBetween(0L, range.last());
                assertThat(range.last()).isLessThan(size);
                assertThat(range.length()).isPositive();
            }
        }
    }
}
