package dev.holdfast.audit.profile;

import dev.holdfast.audit.profile.Profile.Address;
import dev.holdfast.audit.profile.Profile.Preferences;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A row of {@code users}. */
@Entity
@Table(name = "users")
class UserEntity {
    /** The type of all texts, so that the schema can be compared with this class. */
    static final String TEXT = "text";

    @Id
    private UUID id;

    @Column(columnDefinition = TEXT)
    private String fullName;

    @Column(columnDefinition = TEXT)
    private @Nullable String phoneNumber;

    @Embedded
    private @Nullable PostalAddress address;

    @JdbcTypeCode(SqlTypes.JSON)
    private StoredPreferences preferences;

    @Version
    private long version;

    @Column(updatable = false)
    private Instant createdAt;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    UserEntity() {}

    UUID id() {
        return id;
    }

    long version() {
        return version;
    }

    Instant createdAt() {
        return createdAt;
    }

    Profile toProfile() {
        return new Profile(
                fullName, phoneNumber, address == null ? null : address.toAddress(), preferences.toPreferences());
    }

    void change(Profile profile) {
        String name = profile.fullName();
        if (name == null) {
            throw new IllegalArgumentException("A profile without a name has not been checked");
        }
        Address newAddress = profile.address();
        Preferences newPreferences = profile.preferences();
        fullName = name;
        phoneNumber = profile.phoneNumber();
        address = newAddress == null ? null : new PostalAddress(newAddress);
        preferences = StoredPreferences.of(newPreferences);
    }
}
