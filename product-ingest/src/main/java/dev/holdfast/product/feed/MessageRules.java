package dev.holdfast.product.feed;

import dev.holdfast.platform.problem.Problem.InvalidPart;
import dev.holdfast.product.vendor.Vendor;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a message must be like. Finds everything that is wrong at once, so that a vendor need not come back for more. */
final class MessageRules {
    static final int NAME_LENGTH_MAX = 200;

    private static final int VENDOR_LENGTH_MAX = 32;
    private static final int SKU_LENGTH_MAX = 64;
    private static final Set<Integer> GTIN_LENGTHS = Set.of(8, 12, 13, 14);
    private static final String SNAPSHOT_BEGIN = "snapshot-begin";
    private static final String SNAPSHOT_END = "snapshot-end";
    private static final String OPERATIONS = "'upsert', 'delete', 'snapshot-begin' or 'snapshot-end'";
    private static final Set<String> CURRENCIES = Currency.getAvailableCurrencies().stream()
            .map(Currency::getCurrencyCode)
            .collect(Collectors.toSet());

    private final Function<String, Optional<Vendor>> vendors;
    private final LongSupplier clockVersionMax;

    /**
     * @param vendors by id
     * @param clockVersionMax the highest version that a vendor may send now whose versions are a clock, in milliseconds
     *     since 1970
     */
    MessageRules(Function<String, Optional<Vendor>> vendors, LongSupplier clockVersionMax) {
        this.vendors = vendors;
        this.clockVersionMax = clockVersionMax;
    }

    List<InvalidPart> violations(ProductMessage message) {
        var found = new ArrayList<InvalidPart>();
        checkKey(message, found);
        switch (message.op()) {
            case null -> found.add(missing("/op", OPERATIONS));
            case "upsert" -> checkContent(message, found);
            case "delete" -> {}
            case SNAPSHOT_BEGIN -> checkMark(message, found);
            case SNAPSHOT_END -> {
                checkMark(message, found);
                checkItems(message.items(), found);
            }
            default ->
                found.add(new InvalidPart(
                        "/op",
                        "unsupported_operation",
                        "'%s' is not supported: use %s.".formatted(message.op(), OPERATIONS)));
        }
        checkSnapshotFields(message, found);
        checkText("/name", message.name(), found);
        checkTexts("/attributes", message.attributes(), found);
        return found;
    }

    private void checkKey(ProductMessage message, List<InvalidPart> found) {
        String vendor = message.vendor();
        if (vendor == null) {
            found.add(missing("/vendor", "the vendor's id"));
        } else if (!consistsOf(vendor, VENDOR_LENGTH_MAX, MessageRules::isOfVendor)) {
            found.add(invalid("/vendor", "must be 1 to 32 characters of a-z, 0-9 and '-'"));
        } else {
            vendors.apply(vendor)
                    .ifPresentOrElse(
                            known -> checkVendor(known, message, found),
                            () -> found.add(new InvalidPart(
                                    "/vendor",
                                    "unknown_vendor",
                                    "'%s' is not a vendor of ours: correct the id, or have the vendor registered first."
                                            .formatted(vendor))));
        }
        if (isSnapshotMark(message)) {
            refuse("/sku", message.sku(), "a snapshot's begin and end name no product", found);
        } else if (message.sku() == null) {
            found.add(missing("/sku", "the vendor's article number"));
        } else if (!consistsOf(message.sku(), SKU_LENGTH_MAX, MessageRules::isOfSku)) {
            found.add(invalid("/sku", "must be 1 to 64 characters of A-Z, a-z, 0-9 and . _ ~ + -"));
        }
        if (message.version() == null) {
            found.add(missing("/version", "a whole number that rises with each change"));
        } else if (message.version() < 0) {
            found.add(invalid("/version", "must not be negative"));
        }
    }

    private void checkVendor(Vendor vendor, ProductMessage message, List<InvalidPart> found) {
        if (!vendor.active()) {
            found.add(new InvalidPart(
                    "/vendor",
                    "inactive_vendor",
                    "'%s' is not active: have the vendor switched on, with a contract in effect, then send it again."
                            .formatted(vendor.id())));
        }
        if (vendor.versionIsClock()
                && !isSnapshotMark(message)
                && message.version() != null
                && message.version() > clockVersionMax.getAsLong()) {
            found.add(new InvalidPart(
                    "/version",
                    "version_in_the_future",
                    "%d is later than %d, the latest that is taken now (milliseconds since 1970): set the clock right, then send it again with the time of the change."
                            .formatted(message.version(), clockVersionMax.getAsLong())));
        }
    }

    static boolean isSnapshotMark(ProductMessage message) {
        return SNAPSHOT_BEGIN.equals(message.op()) || SNAPSHOT_END.equals(message.op());
    }

    static boolean beginsSnapshot(ProductMessage message) {
        return SNAPSHOT_BEGIN.equals(message.op());
    }

    private static void checkMark(ProductMessage message, List<InvalidPart> found) {
        String why = "a snapshot's begin and end say nothing of a product";
        refuse("/gtin", message.gtin(), why, found);
        refuse("/name", message.name(), why, found);
        refuse("/price", message.price(), why, found);
        refuse("/attributes", message.attributes(), why, found);
    }

    private static void checkItems(@Nullable Long items, List<InvalidPart> found) {
        if (items == null) {
            found.add(missing("/items", "how many products the snapshot lists"));
        } else if (items < 0) {
            found.add(invalid("/items", "must not be negative"));
        }
    }

    private static void checkSnapshotFields(ProductMessage message, List<InvalidPart> found) {
        if (!"upsert".equals(message.op())) {
            refuse("/snapshot", message.snapshot(), "only an upsert is listed by a snapshot", found);
        } else if (message.snapshot() != null && message.snapshot() < 0) {
            found.add(invalid("/snapshot", "must not be negative"));
        }
        if (!SNAPSHOT_END.equals(message.op())) {
            refuse("/items", message.items(), "only a snapshot's end counts its items", found);
        }
        if (!SNAPSHOT_BEGIN.equals(message.op())) {
            refuse("/dryRun", message.dryRun(), "only a snapshot's begin can ask for a dry run", found);
        }
    }

    private static void refuse(String pointer, @Nullable Object value, String why, List<InvalidPart> found) {
        if (value != null) {
            found.add(new InvalidPart(pointer, "not_allowed_here", "must be left out: %s.".formatted(why)));
        }
    }

    private static void checkContent(ProductMessage message, List<InvalidPart> found) {
        if (message.name() == null || message.name().isBlank()) {
            found.add(missing("/name", "1 to %d characters".formatted(NAME_LENGTH_MAX)));
        } else if (message.name().codePointCount(0, message.name().length()) > NAME_LENGTH_MAX) {
            found.add(invalid("/name", "must not be longer than %d characters".formatted(NAME_LENGTH_MAX)));
        }
        if (message.gtin() != null && !isGtin(message.gtin())) {
            found.add(invalid("/gtin", "must be 8, 12, 13 or 14 digits, the last one the GS1 check digit"));
        }
        ProductMessage.Price price = message.price();
        if (price == null) {
            found.add(missing("/price", "an object with amountMinor and currency"));
            return;
        }
        if (price.amountMinor() == null) {
            found.add(missing("/price/amountMinor", "a whole number of the currency's smallest unit"));
        } else if (price.amountMinor() < 0) {
            found.add(invalid("/price/amountMinor", "must not be negative"));
        }
        if (price.currency() == null) {
            found.add(missing("/price/currency", "an ISO 4217 code such as EUR"));
        } else if (!CURRENCIES.contains(price.currency())) {
            found.add(invalid("/price/currency", "must be an ISO 4217 code such as EUR"));
        }
    }

    /** A tenth of what a regular expression takes, and every message comes by here. */
    private static boolean consistsOf(String text, int lengthMax, IntPredicate character) {
        if (text.isEmpty() || text.length() > lengthMax) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (!character.test(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }

    private static boolean isOfVendor(int character) {
        return (character >= 'a' && character <= 'z') || isDigit(character) || character == '-';
    }

    private static boolean isOfSku(int character) {
        return isOfVendor(character) || (character >= 'A' && character <= 'Z') || "._~+".indexOf(character) >= 0;
    }

    /** GS1 General Specifications, 7.9: from the right, weights 3 and 1 in turn, to the next multiple of ten. */
    static boolean isGtin(String digits) {
        if (!GTIN_LENGTHS.contains(digits.length()) || !consistsOf(digits, digits.length(), MessageRules::isDigit)) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < digits.length() - 1; i++) {
            int weight = (digits.length() - i) % 2 == 0 ? 3 : 1;
            sum += weight * (digits.charAt(i) - '0');
        }
        return (10 - sum % 10) % 10 == digits.charAt(digits.length() - 1) - '0';
    }

    private static void checkTexts(String pointer, @Nullable Object value, List<InvalidPart> found) {
        switch (value) {
            case String text -> checkText(pointer, text, found);
            case Map<?, ?> object ->
                object.forEach((key, member) -> {
                    checkText(pointer, (String) key, found);
                    checkTexts(pointer + "/" + key, member, found);
                });
            case List<?> array -> array.forEach(element -> checkTexts(pointer, element, found));
            case null, default -> {}
        }
    }

    /** PostgreSQL stores neither; silently replacing them would change the vendor's data. */
    private static void checkText(String pointer, @Nullable String text, List<InvalidPart> found) {
        if (text == null) {
            return;
        }
        if (text.indexOf('\0') >= 0) {
            found.add(new InvalidPart(pointer, "nul_character", "contains a NUL character: remove it."));
        }
        if (hasLoneSurrogate(text)) {
            found.add(new InvalidPart(
                    pointer, "broken_unicode", "contains half of a surrogate pair: send valid Unicode."));
        }
    }

    private static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (i + 1 == text.length() || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    private static InvalidPart missing(String pointer, String what) {
        return new InvalidPart(pointer, "missing", "is missing: add %s.".formatted(what));
    }

    private static InvalidPart invalid(String pointer, String what) {
        return new InvalidPart(pointer, "invalid_value", what + ".");
    }
}
