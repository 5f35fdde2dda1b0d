package dev.holdfast.product.feed;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Some products that a snapshot makes a difference to, in the order of their skus. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SnapshotDifferencePage(
        List<Item> items,

        @Nullable @Schema(description = "Pass it as 'cursor' for the next page; absent on the last")
        String nextCursor) {

    @Schema(name = "SnapshotDifference")
    public record Item(
            @Schema(examples = "acme:DRILL-18V") String id,

            @Schema(
                    enumeration = {"deleted", "added", "changed", "spared", "not_live"},
                    description =
                            "deleted: live and not listed, so it would be deleted. added, changed: listed, and new or"
                                    + " changed since the snapshot was first seen. spared: not listed, but changed since, so it stays."
                                    + " not_live: listed, but not live; its message waits, or a newer version has deleted it")
            String kind) {}

    static SnapshotDifferencePage of(String vendor, List<SnapshotStore.Difference> found, int limit) {
        return new SnapshotDifferencePage(
                Paging.shown(found, limit).stream()
                        .map(one -> new Item(vendor + ":" + one.sku(), one.kind()))
                        .toList(),
                Paging.next(found, limit, SnapshotStore.Difference::sku));
    }
}
