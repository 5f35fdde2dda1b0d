package dev.holdfast.product.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.product.vendor.Vendor;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageParserTest {
    private static final String GOOD = """
            {"vendor": "acme", "sku": "A-1", "version": 7, "op": "upsert", "gtin": "4006381333931", "name": "Drill",
             "price": {"amountMinor": 12900, "currency": "EUR"}, "attributes": {"b": 1.10, "a": ["x", null]}}
            """;

    private static final long CLOCK_VERSION_MAX = 1_700_000_000_000L;

    private static final Map<String, Vendor> VENDORS = Map.of(
            "acme", new Vendor("acme", "Acme", true, OptionalLong.empty(), false),
            "initech", new Vendor("initech", "Initech", true, OptionalLong.empty(), true),
            "umbrella", new Vendor("umbrella", "Umbrella", false, OptionalLong.empty(), false));

    private final MessageParser parser =
            new MessageParser(new MessageRules(id -> Optional.ofNullable(VENDORS.get(id)), () -> CLOCK_VERSION_MAX));

    @Test
    void understandsAGoodMessage() {
        assertThat(parse(GOOD)).isInstanceOfSatisfying(ProductChange.class, change -> {
            assertThat(change.id()).isEqualTo("acme:A-1");
            assertThat(change.version()).isEqualTo(7);
            assertThat(change.priceMinor()).isEqualTo(12900);
            assertThat(change.attributes()).isEqualTo("{\"a\":[\"x\",null],\"b\":1.10}");
        });
    }

    @Test
    void theHashTellsContentAndNeitherVersionNorOrderNorSpace() {
        // Given
        ProductChange first = change(GOOD);

        // When
        ProductChange sameContent = change("""
                {"price":{"currency":"EUR","amountMinor":12900},"attributes":{"a":["x",null],"b":1.10},"name":"Drill",
                "gtin":"4006381333931","op":"upsert","version":8,"sku":"A-1","vendor":"acme"}""");
        ProductChange otherContent = change(GOOD.replace("12900", "12901"));

        // Then
        assertThat(sameContent.contentHash()).isEqualTo(first.contentHash());
        assertThat(otherContent.contentHash()).isNotEqualTo(first.contentHash());
    }

    @Test
    void aDeletionNeedsNothingButTheKey() {
        assertThat(change("{\"vendor\":\"acme\",\"sku\":\"A-1\",\"version\":8,\"op\":\"delete\"}")
                        .deleted())
                .isTrue();
    }

    @Test
    void theMarksOfASnapshotNameNoProduct() {
        assertThat(parse("{\"vendor\":\"acme\",\"version\":7,\"op\":\"snapshot-begin\"}"))
                .isEqualTo(new SnapshotMark("acme", 7, true, 0, false));
        assertThat(parse("{\"vendor\":\"acme\",\"version\":7,\"op\":\"snapshot-begin\",\"dryRun\":true}"))
                .isEqualTo(new SnapshotMark("acme", 7, true, 0, true));
        assertThat(parse("{\"vendor\":\"acme\",\"version\":7,\"op\":\"snapshot-end\",\"items\":3}"))
                .isEqualTo(new SnapshotMark("acme", 7, false, 3, false));
    }

    @Test
    void whoListsAProductDoesNotChangeItsContent() {
        ProductChange listed = change(GOOD.replace("\"version\":", "\"snapshot\": 9, \"version\":"));

        assertThat(listed.snapshot()).isEqualTo(9);
        assertThat(listed.contentHash()).isEqualTo(change(GOOD).contentHash());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "op":"snapshot-begin","sku":"A"            | not_allowed_here | /sku
                    "op":"snapshot-begin","items":1            | not_allowed_here | /items
                    "op":"snapshot-begin","dryRun":"true"      | wrong_type       | /dryRun
                    "op":"snapshot-begin","dryRun":1           | wrong_type       | /dryRun
                    "op":"snapshot-begin","price":{}           | not_allowed_here | /price
                    "op":"snapshot-end"                        | missing          | /items
                    "op":"snapshot-end","items":-1             | invalid_value    | /items
                    "op":"snapshot-end","items":1,"dryRun":true| not_allowed_here | /dryRun
                    "op":"snapshot-end","items":1,"snapshot":7 | not_allowed_here | /snapshot
                    "op":"delete","sku":"A","snapshot":7       | not_allowed_here | /snapshot
                    "op":"delete","sku":"A","items":7          | not_allowed_here | /items
                    """)
    void refusesWhatDoesNotBelongToASnapshot(String fields, String reason, String pointer) {
        assertThat(parse("{\"vendor\":\"acme\",\"version\":7,%s}".formatted(fields)))
                .isInstanceOfSatisfying(Rejection.class, rejection -> {
                    assertThat(rejection.reason()).isEqualTo(reason);
                    assertThat(rejection.errors().getFirst().pointer()).isEqualTo(pointer);
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "upsert"           | "drop"                     | unsupported_operation | /op
                    "acme"             | "hooli"                    | unknown_vendor        | /vendor
                    "acme"             | "umbrella"                 | inactive_vendor       | /vendor
                    "acme"             | "AC ME"                    | invalid_value         | /vendor
                    "A-1"              | "A/1"                      | invalid_value         | /sku
                    "A-1"              | 17                         | wrong_type            | /sku
                    7                  | "7"                        | wrong_type            | /version
                    7                  | 7.5                        | wrong_type            | /version
                    7                  | -1                         | invalid_value         | /version
                    7                  | 99999999999999999999       | wrong_type            | /version
                    12900              | -1                         | invalid_value         | /price/amountMinor
                    12900              | null                       | missing               | /price/amountMinor
                    "EUR"              | "EURO"                     | invalid_value         | /price/currency
                    "4006381333931"    | "4006381333932"            | invalid_value         | /gtin
                    "Drill"            | ""                         | missing               | /name
                    "Drill"            | "Dr\\u0000ill"             | nul_character         | /name
                    "Drill"            | "Dr\\ud800ill"             | broken_unicode        | /name
                    "x"                | "\\u0000"                  | nul_character         | /attributes/a
                    "name"             | "nmae"                     | unknown_field         | /nmae
                    "version"          | "sku"                      | not_json              | ''
                    """)
    void saysWhatIsWrongAndWhere(String good, String bad, String reason, String pointer) {
        assertThat(parse(GOOD.replaceFirst(good, bad.replace("\\", "\\\\"))))
                .isInstanceOfSatisfying(Rejection.class, rejection -> {
                    assertThat(rejection.reason()).isEqualTo(reason);
                    assertThat(rejection.errors().getFirst().pointer()).isEqualTo(pointer);
                    assertThat(rejection.detail()).isNotBlank();
                });
    }

    @Test
    void aClockThatIsAheadIsRefusedOnlyWhereVersionsAreAClock() {
        assertThat(parse(version("initech", CLOCK_VERSION_MAX + 1)))
                .isInstanceOfSatisfying(Rejection.class, rejection -> {
                    assertThat(rejection.reason()).isEqualTo("version_in_the_future");
                    assertThat(rejection.detail()).contains("" + CLOCK_VERSION_MAX, "clock");
                });
        assertThat(parse(version("initech", CLOCK_VERSION_MAX))).isInstanceOf(ProductChange.class);
        assertThat(parse(version("acme", CLOCK_VERSION_MAX + 1))).isInstanceOf(ProductChange.class);
    }

    private static String version(String vendor, long version) {
        return GOOD.replace("\"acme\"", "\"" + vendor + "\"").replace("7,", version + ",");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "hello", "[]", "null", "{} {}", "{\"a\":", "\0", "{\"vendor\": NaN}"})
    void refusesWhatIsNoMessageAtAll(String text) {
        assertThat(parse(text)).isInstanceOf(Rejection.class);
    }

    @Test
    void refusesBytesThatAreNoUtf8() {
        assertThat(parser.parse(new byte[] {'{', '"', (byte) 0xc3, (byte) 0x28, '"', '}'}))
                .isInstanceOf(Rejection.class);
    }

    @Test
    void refusesALongMessageUnread() {
        assertThat(parse("{\"name\":\"" + "x".repeat(MessageParser.MESSAGE_BYTES_MAX) + "\"}"))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.reason()).isEqualTo("too_large"));
    }

    @Test
    void refusesDeepNesting() {
        assertThat(parse(GOOD.replace("1.10", "[".repeat(100) + "]".repeat(100))))
                .isInstanceOf(Rejection.class);
    }

    @Test
    void namesEverythingThatIsWrongAtOnce() {
        assertThat(parse("{\"op\":\"upsert\"}"))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.errors())
                                .extracting(error -> error.pointer())
                                .containsExactly("/vendor", "/sku", "/version", "/name", "/price"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"4006381333931", "96385074", "036000291452", "10614141000415"})
    void knowsGoodGtins(String gtin) {
        assertThat(MessageRules.isGtin(gtin)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"4006381333930", "9638507", "", "03600029145X", "106141410004159"})
    void knowsBadGtins(String gtin) {
        assertThat(MessageRules.isGtin(gtin)).isFalse();
    }

    private Parsed parse(String json) {
        return parser.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private ProductChange change(String json) {
        return (ProductChange) parse(json);
    }
}
