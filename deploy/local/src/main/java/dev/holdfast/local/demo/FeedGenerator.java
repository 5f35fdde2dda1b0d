package dev.holdfast.local.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.datafaker.Faker;

/** Makes a vendor feed as it arrives in production: updates, duplicates, latecomers, and a few messages that are broken. */
public final class FeedGenerator {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NAMES = 2_000;
    private static final int LATE_BY_MAX = 400;

    private final FeedSettings settings;
    private final Random random;
    private final Faker faker;
    private final List<String> names;
    private final List<String> colours;

    public FeedGenerator(FeedSettings settings) {
        this.settings = settings;
        this.random = new Random(settings.seed());
        this.faker = new Faker(Locale.ENGLISH, random);
        this.colours = Stream.generate(() -> faker.color().name()).limit(20).toList();
        this.names = Stream.generate(() -> faker.commerce().productName())
                .limit(NAMES)
                .toList();
    }

    /** The feed in the order in which it is to be sent. */
    public List<FeedRecord> generate() {
        var placed = new ArrayList<Placed>();
        for (FeedRecord message : inOrder()) {
            double place = placed.size();
            if (random.nextDouble() < settings.reorderedShare()) {
                place += 1 + random.nextInt(LATE_BY_MAX);
            }
            placed.add(new Placed(place, message));
            if (random.nextDouble() < settings.duplicateShare()) {
                placed.add(new Placed(place + random.nextInt(LATE_BY_MAX), message));
            }
        }
        int good = placed.size();
        for (int i = 0; i < settings.broken(); i++) {
            placed.add(new Placed(random.nextInt(good), broken(i)));
        }
        return placed.stream()
                .sorted(Comparator.comparingDouble(Placed::place))
                .map(Placed::message)
                .toList();
    }

    /** What the catalogue must hold in the end: per product the highest version. */
    public static Map<String, Long> highestVersions(List<FeedRecord> feed) {
        return feed.stream()
                .filter(message -> !message.isBroken())
                .collect(Collectors.toMap(FeedRecord::key, FeedRecord::version, Math::max, LinkedHashMap::new));
    }

    private record Placed(double place, FeedRecord message) {}

    /** First every product once, in random order; updates follow, and some products get more of them than others. */
    private List<FeedRecord> inOrder() {
        var versions = new int[settings.products()];
        var messages = new ArrayList<FeedRecord>(settings.products() + settings.updates());
        for (int i = 0; i < settings.products() + settings.updates(); i++) {
            int product = i < settings.products() ? i : (int) (settings.products() * Math.pow(random.nextDouble(), 3));
            versions[product]++;
            messages.add(upsert(product, versions[product]));
        }
        return messages;
    }

    private FeedRecord upsert(int product, int version) {
        String vendor = settings.vendors().get(product % settings.vendors().size());
        String sku = "%s-%06d".formatted(settings.skuPrefix(), product);
        var message = new LinkedHashMap<String, Object>();
        message.put("vendor", vendor);
        message.put("sku", sku);
        message.put("version", version);
        message.put("op", "upsert");
        message.put("gtin", gtin(product));
        message.put("name", names.get((product * 31) % NAMES));
        message.put("price", Map.of("amountMinor", 99 + random.nextInt(100_000), "currency", "EUR"));
        message.put(
                "attributes",
                Map.of(
                        "colour",
                        colours.get(product % colours.size()),
                        "weightGrams",
                        50 + product % 9_000,
                        "stock",
                        random.nextInt(500)));
        return new FeedRecord(vendor + ":" + sku, version, json(message));
    }

    /** GTIN-13 of the range 200-299, which GS1 leaves to companies for their own use; other feeds have others. */
    private String gtin(int product) {
        String digits = "2%05d%06d".formatted(Math.floorMod(settings.skuPrefix().hashCode(), 100_000), product);
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            sum += (digits.charAt(i) - '0') * (i % 2 == 0 ? 1 : 3);
        }
        return digits + (10 - sum % 10) % 10;
    }

    /** Each kind of nonsense that a feed brings in time. */
    private FeedRecord broken(int number) {
        String vendor = settings.vendors().get(number % settings.vendors().size());
        String sku = "%s-broken-%d".formatted(settings.skuPrefix(), number);
        String start = "{\"vendor\":\"%s\",\"sku\":\"%s\",\"version\":1,\"op\":\"upsert\"".formatted(vendor, sku);
        String price = ",\"price\":{\"amountMinor\":100,\"currency\":\"EUR\"}";
        String value = switch (number % 6) {
            case 0 -> start + ",\"name\":\"cut off in the mid";
            case 1 -> start + ",\"name\":\"no price\"}";
            case 2 -> start + ",\"nmae\":\"a typo\"" + price + "}";
            case 3 -> start + ",\"name\":\"a NUL \\u0000\"" + price + "}";
            case 4 -> start.replace(vendor, "hooli") + ",\"name\":\"an unknown vendor\"" + price + "}";
            default -> faker.lorem().sentence();
        };
        return new FeedRecord(vendor + ":" + sku, 0, value);
    }

    private static String json(Map<String, Object> message) {
        try {
            return JSON.writeValueAsString(message);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
