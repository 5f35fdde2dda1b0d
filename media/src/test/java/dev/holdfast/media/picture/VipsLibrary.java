package dev.holdfast.media.picture;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import org.junit.jupiter.api.Assumptions;

/** Where libvips is not installed, a test that needs it is skipped. */
@SuppressWarnings("restricted")
final class VipsLibrary {
    private VipsLibrary() {}

    static boolean isInstalled() {
        try {
            SymbolLookup.libraryLookup("libvips.so.42", Arena.global());
            return true;
        } catch (IllegalArgumentException missing) {
            return false;
        }
    }

    static void assume() {
        Assumptions.assumeTrue(isInstalled(), "There is no libvips: install it (apt-get install libvips42).");
    }
}
