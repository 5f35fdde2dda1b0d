package dev.holdfast.product.lifecycle;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A version of a product as callers see it. */
@Schema(name = "ProductVersion")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProductVersionRepresentation(
        @Schema(examples = "acme:DRILL-18V") String id,

        @Schema(description = "Rises by one with each change; pass it to restore", examples = "4")
        long rowVersion,

        @Nullable @Schema(description = "The vendor's version that brought it; absent when no message did", examples = "7")
        Long version,

        @Schema(description = "live, deleted or archived", examples = "live")
        String state,

        @Nullable @Schema(examples = "4006381333931") String gtin,

        @Nullable @Schema(description = "Absent when this version has no content", examples = "Cordless drill 18 V")
        String name,

        @Nullable @Schema(description = "Absent with the name")
        Price price,

        @Nullable @JsonRawValue
        @Schema(implementation = Map.class, description = "Absent with the name", examples = "{\"colour\": \"green\"}")
        String attributes,

        Instant from,

        @Nullable @Schema(description = "Absent while it stands")
        Instant to,

        ChangedBy by) {

    /** An amount in the smallest unit of its currency. */
    @Schema(name = "ProductVersionPrice")
    public record Price(
            @Schema(examples = "12900") long amountMinor,
            @Schema(examples = "EUR") String currency) {}

    /**
     * What brought a version about.
     *
     * @param kind {@code message}, {@code person}, {@code archiver}, or {@code snapshot}: the vendor's list left it out
     * @param partition of the message; absent when it came by HTTP
     * @param person the subject of the token
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ChangedBy(
            @Schema(
                    description = "message, person, archiver, or snapshot: the vendor's list left it out",
                    examples = "message")
            String kind,

            @Nullable @Schema(description = "Of the topic; absent when the message came by HTTP", examples = "2")
            Integer partition,

            @Nullable @Schema(examples = "18411") Long offset,

            @Nullable @Schema(description = "The subject of the token", examples = "jane")
            String person) {

        /** As the feed writes it. */
        private static final Pattern SNAPSHOT = Pattern.compile("snapshot \\d+");

        static ChangedBy of(ProductVersion version) {
            if (version.changedBy() == null) {
                return new ChangedBy("message", version.sourcePartition(), version.sourceOffset(), null);
            }
            if (version.state().equals("archived")) {
                return new ChangedBy(LifecycleStore.ARCHIVER, null, null, null);
            }
            return version.state().equals("deleted")
                            && SNAPSHOT.matcher(version.changedBy()).matches()
                    ? new ChangedBy("snapshot", null, null, null)
                    : new ChangedBy("person", null, null, version.changedBy());
        }
    }

    static ProductVersionRepresentation of(ProductVersion version) {
        boolean hasContent = !version.name().isEmpty();
        return new ProductVersionRepresentation(
                version.vendor() + ":" + version.sku(),
                version.rowVersion(),
                version.contentVersion(),
                version.state(),
                version.gtin(),
                hasContent ? version.name() : null,
                hasContent ? new Price(version.priceMinor(), version.currency()) : null,
                hasContent ? version.attributes() : null,
                version.validFrom(),
                version.validTo(),
                ChangedBy.of(version));
    }
}
