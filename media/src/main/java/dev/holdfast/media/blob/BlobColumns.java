package dev.holdfast.media.blob;

import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobRef;
import dev.holdfast.media.store.Sha256;
import io.vertx.mutiny.sqlclient.Row;
import java.util.Locale;

/** What a statement has to select for a {@link Blob}. */
public final class BlobColumns {
    public static final String NAMES =
            "id, sha256, size, media_type, width, height, backend, coalesce(copy_id, id) AS copy_id";

    private BlobColumns() {}

    public static Blob toBlob(Row row) {
        return new Blob(
                toRef(row),
                new Content(row.getString("media_type"), row.getInteger("width"), row.getInteger("height")),
                Backend.valueOf(row.getString("backend").toUpperCase(Locale.ROOT)));
    }

    /** Of a statement that has selected at least id, sha256, size and copy_id. */
    public static BlobRef toRef(Row row) {
        return new BlobRef(
                row.getUUID("id"),
                Sha256.ofBytes(row.getBuffer("sha256").getBytes()),
                row.getLong("size"),
                row.getUUID("copy_id"));
    }
}
