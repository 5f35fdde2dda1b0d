package dev.holdfast.bench.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AddressesTest {
    @Test
    void givesNoAddressTwice() {
        // Given
        List<String> addresses = LongStream.rangeClosed(1, 300)
                .boxed()
                .flatMap(user -> LongStream.rangeClosed(1, 300).mapToObj(version -> Addresses.of(user, version)))
                .toList();

        // Then
        assertThat(addresses).doesNotHaveDuplicates();
        assertThat(Addresses.fresh(1)).isNotEqualTo(Addresses.fresh(1)).isNotIn(addresses);
    }

    @Test
    void givesAddressesAsLongAsPeoplesAre() {
        assertThat(LongStream.rangeClosed(1, 10_000).mapToObj(user -> Addresses.of(user, user)))
                .allMatch(address -> address.length() >= 18 && address.length() <= 48)
                .allMatch(address -> address.matches("[a-z._]+[0-9]+\\.[0-9a-z]+@[a-z.-]+"));
    }
}
