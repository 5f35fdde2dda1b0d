package dev.holdfast.audit.email;

import dev.holdfast.audit.proof.Ciphertext;
import dev.holdfast.audit.proof.Hash;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Rows of the history. */
public final class EmailEvents {
    private EmailEvents() {}

    /** @param row with the columns of {@code email_event}, its op as text */
    public static EmailEvent of(Row row) {
        Instant recordedAt = row.getOffsetDateTime("recorded_at").toInstant();
        OffsetDateTime validFrom = row.getOffsetDateTime("valid_from");
        var address = row.getBuffer("address");
        return new EmailEvent(
                row.getUUID("user_id"),
                row.getLong("version"),
                recordedAt,
                validFrom == null ? recordedAt : validFrom.toInstant(),
                row.getUUID("event_id"),
                EmailOp.ofLetter(row.getString("op")),
                address == null ? null : Ciphertext.of(address.getBytes()),
                row.getString("actor"),
                row.getString("reason"),
                row.getString("source"),
                Hash.of(row.getBuffer("hash").getBytes()));
    }
}
