package dev.holdfast.audit.profile;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.platform.problem.Problem.InvalidPart;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a user edits of themself. */
@Schema(name = "Profile")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Profile(
        @Nullable @Schema(required = true, examples = "Ada Lovelace", maxLength = 200)
        String fullName,

        @Nullable @Schema(description = "E.164", examples = "+442079460000")
        String phoneNumber,

        @Nullable Address address,
        @Nullable Preferences preferences) {

    /** Where a letter arrives; all of it or none. */
    @Schema(name = "Address")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Address(
            @Nullable @Schema(examples = "12 St James's Square", maxLength = 200)
            String street,

            @Nullable @Schema(examples = "SW1Y 4JH", maxLength = 20)
            String postalCode,

            @Nullable @Schema(examples = "London", maxLength = 100)
            String city,

            @Nullable @Schema(description = "ISO 3166-1, two letters", examples = "GB")
            String country) {}

    /** How a user likes to be dealt with. */
    @Schema(name = "Preferences")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Preferences(
            @Nullable @Schema(description = "BCP 47", examples = "en-GB")
            String language,

            @Nullable @Schema(description = "A zone of the IANA database", examples = "Europe/London")
            String timeZone,

            @Nullable @Schema(description = "Whether news may be sent")
            Boolean newsletter) {}

    private static final int NAME_LENGTH_MAX = 200;
    private static final int STREET_LENGTH_MAX = 200;
    private static final int POSTAL_CODE_LENGTH_MAX = 20;
    private static final int CITY_LENGTH_MAX = 100;
    private static final Pattern PHONE_NUMBER = Pattern.compile("\\+[1-9][0-9]{6,14}");
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cntrl}\\p{Cs}]");
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    /** All that is wrong, each with where. */
    public List<InvalidPart> violations() {
        var violations = new ArrayList<InvalidPart>();
        requireText("/fullName", fullName, NAME_LENGTH_MAX, violations);
        if (phoneNumber != null && !PHONE_NUMBER.matcher(phoneNumber).matches()) {
            violations.add(invalid("/phoneNumber", "must be of the form +442079460000: a plus, then 7 to 15 digits."));
        }
        if (address != null) {
            requireText("/address/street", address.street(), STREET_LENGTH_MAX, violations);
            requireText("/address/postalCode", address.postalCode(), POSTAL_CODE_LENGTH_MAX, violations);
            requireText("/address/city", address.city(), CITY_LENGTH_MAX, violations);
            if (address.country() == null || !COUNTRIES.contains(address.country())) {
                violations.add(invalid("/address/country", "must be an ISO 3166-1 code of two letters, such as GB."));
            }
        }
        if (preferences != null) {
            check(preferences, violations);
        }
        return violations;
    }

    private static void check(Preferences preferences, List<InvalidPart> violations) {
        if (preferences.language() != null && !isLanguage(preferences.language())) {
            violations.add(invalid("/preferences/language", "must be a BCP 47 tag, such as en-GB."));
        }
        if (preferences.timeZone() != null && !isTimeZone(preferences.timeZone())) {
            violations.add(
                    invalid("/preferences/timeZone", "must be a zone of the IANA database, such as Europe/London."));
        }
    }

    private static boolean isLanguage(String tag) {
        try {
            return !new Locale.Builder()
                    .setLanguageTag(tag)
                    .build()
                    .getLanguage()
                    .isEmpty();
        } catch (IllformedLocaleException none) {
            return false;
        }
    }

    private static boolean isTimeZone(String zone) {
        try {
            return ZoneId.getAvailableZoneIds().contains(ZoneId.of(zone).getId());
        } catch (DateTimeException none) {
            return false;
        }
    }

    private static void requireText(
            String pointer, @Nullable String text, int lengthMax, List<InvalidPart> violations) {
        if (text == null
                || text.isBlank()
                || text.length() > lengthMax
                || UNFIT.matcher(text).find()) {
            violations.add(
                    invalid(pointer, "is needed: 1 to %d characters without control characters.".formatted(lengthMax)));
        }
    }

    private static InvalidPart invalid(String pointer, String detail) {
        return new InvalidPart(pointer, "invalid_value", detail);
    }
}
