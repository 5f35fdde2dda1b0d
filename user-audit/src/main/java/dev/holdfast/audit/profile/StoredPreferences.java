package dev.holdfast.audit.profile;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.audit.profile.Profile.Preferences;
import org.jspecify.annotations.Nullable;

/** The column {@code preferences}. Its names are stored: one that changes needs a migration. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StoredPreferences(
        @Nullable String language,
        @Nullable String timeZone,
        @Nullable Boolean newsletter) {

    static StoredPreferences of(@Nullable Preferences preferences) {
        return preferences == null
                ? new StoredPreferences(null, null, null)
                : new StoredPreferences(preferences.language(), preferences.timeZone(), preferences.newsletter());
    }

    /** Null when there is none. */
    @Nullable Preferences toPreferences() {
        return language == null && timeZone == null && newsletter == null
                ? null
                : new Preferences(language, timeZone, newsletter);
    }
}
