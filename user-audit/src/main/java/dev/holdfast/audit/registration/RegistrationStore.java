package dev.holdfast.audit.registration;

import dev.holdfast.audit.profile.Profile;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The statement of a registration. */
final class RegistrationStore {
    private static final String INSERT = """
            INSERT INTO users (id, full_name, phone_number, address_street, address_postal_code, address_city,
                               address_country, preferences)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
            """;

    private RegistrationStore() {}

    /** False when the user is there already. */
    static Uni<Boolean> insert(SqlConnection connection, UUID id, Profile profile) {
        Profile.Address address = profile.address();
        return connection
                .preparedQuery(INSERT)
                .execute(Tuple.tuple()
                        .addUUID(id)
                        .addString(Objects.requireNonNull(profile.fullName(), "a checked profile has a name"))
                        .addString(profile.phoneNumber())
                        .addString(address == null ? null : address.street())
                        .addString(address == null ? null : address.postalCode())
                        .addString(address == null ? null : address.city())
                        .addString(address == null ? null : address.country())
                        .addJsonObject(json(profile.preferences())))
                .map(rows -> rows.rowCount() == 1);
    }

    private static JsonObject json(Profile.@Nullable Preferences preferences) {
        var json = new JsonObject();
        if (preferences != null) {
            put(json, "language", preferences.language());
            put(json, "timeZone", preferences.timeZone());
            put(json, "newsletter", preferences.newsletter());
        }
        return json;
    }

    private static void put(JsonObject json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
