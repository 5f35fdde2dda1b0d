package dev.holdfast.platform.page;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** A path of this server, with its query. */
final class LocalPath {
    private LocalPath() {}

    /**
     * Empty for whatever leads, or might lead, to another server: browsers read a backslash as a slash, and skip tabs and line
     * feeds.
     */
    static Optional<URI> parse(String text) {
        if (!text.startsWith("/") || text.startsWith("//") || text.contains("\\")) {
            return Optional.empty();
        }
        try {
            URI uri = new URI(text);
            return uri.isAbsolute() || uri.getRawAuthority() != null ? Optional.empty() : Optional.of(uri);
        } catch (URISyntaxException unreadable) {
            return Optional.empty();
        }
    }
}
