package dev.holdfast.bench.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FeedTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void hasEachProductOncePerPartInTheSameOrderEachTime() {
        // Given
        var part = new Part(40, 1_001, 2);

        // When
        List<Integer> numbers = part.items().map(Item::number).toList();

        // Then
        assertThat(numbers)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(40, 1_041).boxed().toList())
                .isNotEqualTo(IntStream.range(40, 1_041).boxed().toList())
                .isEqualTo(part.items().map(Item::number).toList());
        assertThat(part.last().number()).isEqualTo(numbers.getLast());
    }

    @Test
    void keepsTheMessagesOfAProductHalfAPartApart() {
        // Given
        List<Integer> feed = List.of(new Part(0, 1_000, 2), new Part(0, 1_000, 3)).stream()
                .flatMap(Part::items)
                .map(Item::number)
                .toList();

        // When
        int nearest = IntStream.range(0, 1_000)
                .map(number -> feed.lastIndexOf(number) - feed.indexOf(number))
                .min()
                .orElseThrow();

        // Then
        assertThat(nearest).isGreaterThan(500);
    }

    @Test
    void endsWithTheHighestVersionOfEachProductAlthoughALowerOneComesLast() {
        // Given
        var feed = new Feed(1, List.of(), List.of(new Part(0, 3, 2), new Part(0, 3, 3), new Part(0, 3, 1)));

        // When
        Map<String, Item> fold = feed.fold();

        // Then
        assertThat(fold.values()).extracting(Item::version).containsExactly(3L, 3L, 3L);
        assertThat(feed.updates()).isEqualTo(3);
        assertThat(feed.stale()).isEqualTo(3);
        assertThat(feed.changes()).isEqualTo(6);
    }

    @Test
    void tellsTheSinkOfDebeziumTheSameAsTheService() throws JsonProcessingException {
        // Given
        Item item = Item.of(7, 2);

        // When
        JsonNode message = JSON.readTree(item.json());
        JsonNode row = JSON.readTree(DebeziumSink.json(item)).get("payload");

        // Then
        assertThat(row.get("vendor_id")).isEqualTo(message.get("vendor"));
        assertThat(row.get("sku")).isEqualTo(message.get("sku"));
        assertThat(row.get("src_version")).isEqualTo(message.get("version"));
        assertThat(row.get("gtin")).isEqualTo(message.get("gtin"));
        assertThat(row.get("name")).isEqualTo(message.get("name"));
        assertThat(row.get("price_minor")).isEqualTo(message.get("price").get("amountMinor"));
        assertThat(row.get("currency")).isEqualTo(message.get("price").get("currency"));
        assertThat(JSON.readTree(row.get("attributes").textValue())).isEqualTo(message.get("attributes"));
    }

    @Test
    void changesWhatAProductIsWithEachVersion() {
        assertThat(Item.of(7, 3).attributes()).isNotEqualTo(Item.of(7, 2).attributes());
        assertThat(Item.of(7, 3).priceMinor()).isNotEqualTo(Item.of(7, 2).priceMinor());
    }
}
