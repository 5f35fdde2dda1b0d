package dev.holdfast.audit.profile;

import dev.holdfast.audit.profile.Profile.Address;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import org.jspecify.annotations.Nullable;

/** Columns of {@code users}: all of them or none. */
@Embeddable
class PostalAddress {
    @Column(name = "address_street", columnDefinition = UserEntity.TEXT)
    private @Nullable String street;

    @Column(name = "address_postal_code", columnDefinition = UserEntity.TEXT)
    private @Nullable String postalCode;

    @Column(name = "address_city", columnDefinition = UserEntity.TEXT)
    private @Nullable String city;

    @Column(name = "address_country", columnDefinition = UserEntity.TEXT)
    private @Nullable String country;

    /** For Hibernate. */
    PostalAddress() {}

    PostalAddress(Address address) {
        street = address.street();
        postalCode = address.postalCode();
        city = address.city();
        country = address.country();
    }

    Address toAddress() {
        return new Address(street, postalCode, city, country);
    }
}
