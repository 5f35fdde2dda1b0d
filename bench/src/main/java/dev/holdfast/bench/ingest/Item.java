package dev.holdfast.bench.ingest;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A message about a product: what it says follows from its number and its version, so that any part of a feed can be
 * made at any time and nothing need be kept.
 *
 * @param number of the product, from 0; no two vendors have the same
 */
record Item(String vendor, int number, long version) {
    private static final List<String> VENDORS = List.of("acme", "globex", "initech");
    private static final List<String> ADJECTIVES = List.of(
            "Aerodynamic", "Ergonomic", "Heavy Duty", "Lightweight", "Mediocre", "Practical", "Rustic", "Sleek");
    private static final List<String> MATERIALS =
            List.of("Aluminum", "Bronze", "Cotton", "Granite", "Leather", "Marble", "Steel", "Wooden");
    private static final List<String> COLOURS = List.of("blue", "green", "orange", "red", "silver", "violet", "white");

    /** Each version of a product has another price and another stock. */
    private static final long PRICE_STEP = 17_389;

    private static final long STOCK_STEP = 7;

    /** Of one of three vendors that share the products evenly. */
    static Item of(int number, long version) {
        return new Item(VENDORS.get(number % VENDORS.size()), number, version);
    }

    String key() {
        return vendor + ":" + sku();
    }

    String sku() {
        return "item-" + padded(number, 7);
    }

    /** GTIN-13 of the range 200-299, which GS1 leaves to companies for their own use. */
    String gtin() {
        String digits = "2" + padded(number, 11);
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            sum += (digits.charAt(i) - '0') * (i % 2 == 0 ? 1 : 3);
        }
        return digits + (10 - sum % 10) % 10;
    }

    String name() {
        return "%s %s Lamp No. %d"
                .formatted(
                        ADJECTIVES.get(number % ADJECTIVES.size()),
                        MATERIALS.get(number / ADJECTIVES.size() % MATERIALS.size()),
                        number);
    }

    long priceMinor() {
        return 99 + (number * 31L + version * PRICE_STEP) % 100_000;
    }

    String attributes() {
        return "{\"colour\":\"%s\",\"weightGrams\":%d,\"stock\":%d}"
                .formatted(
                        COLOURS.get(number % COLOURS.size()),
                        50 + number % 9_000,
                        (number + version * STOCK_STEP) % 500);
    }

    /** As a vendor sends it. */
    String json() {
        return json(attributes());
    }

    /** With other attributes, as JSON. */
    String json(String attributes) {
        return "{\"vendor\":\"%s\",\"sku\":\"%s\",\"version\":%d,\"op\":\"upsert\",\"gtin\":\"%s\",\"name\":\"%s\",\"price\":{\"amountMinor\":%d,\"currency\":\"EUR\"},\"attributes\":%s}"
                .formatted(vendor, sku(), version, gtin(), name(), priceMinor(), attributes);
    }

    byte[] bytes() {
        return json().getBytes(StandardCharsets.UTF_8);
    }

    int partition(int partitions) {
        return Math.floorMod(key().hashCode(), partitions);
    }

    private static String padded(int value, int width) {
        String digits = Integer.toString(value);
        return "0".repeat(width - digits.length()) + digits;
    }
}
