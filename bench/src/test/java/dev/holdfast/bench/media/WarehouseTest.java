package dev.holdfast.bench.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WarehouseTest {
    @Test
    void putsAnImageWhereTheFilesStoreLooksForIt() {
        // Given
        var warehouse = new Warehouse(Path.of("media"), 1_000);
        String hash = Picture.sha256(Warehouse.content(42));

        // Then
        assertThat(warehouse.path(42))
                .isEqualTo(Path.of(
                        "media/objects",
                        hash.substring(0, 2),
                        hash.substring(2, 4),
                        hash + ".01900000-0000-7000-8000-00000000002a"));
    }

    @Test
    void leavesATenthToNobody() {
        assertThat(IntStream.range(0, 1_001).filter(Warehouse::isOrphan).count())
                .isEqualTo(new Warehouse(Path.of("media"), 1_001).orphans())
                .isEqualTo(101);
    }
}
