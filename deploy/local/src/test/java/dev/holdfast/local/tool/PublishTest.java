package dev.holdfast.local.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.local.KafkaServer;
import dev.holdfast.local.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishTest {

    private static KafkaServer kafka;

    @TempDir
    Path directory;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        kafka = KafkaServer.start(KafkaServer.Options.in(data.resolve("kafka")));
        Topics.create(kafka.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        kafka.stop();
    }

    @Test
    void sendsEveryLineAndCountsThemPerPartition() throws Exception {
        // Given
        FeedFile file = file(IntStream.range(0, 100)
                .mapToObj("acme:%1$d\t{\"sku\":\"%1$d\"}%n"::formatted)
                .collect(Collectors.joining()));

        // When
        var sent = new Publish(kafka.bootstrapServers()).send("vendor.products", file);

        // Then
        assertThat(sent).containsOnlyKeys(0, 1, 2, 3);
        assertThat(sent.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(100);
    }

    @Test
    void namesEveryMalformedLine() throws Exception {
        // Given
        FeedFile file = file("a\t{}\nno tab\n\t{}\nb\t\nc\t{\"x\":\nd\t{} {}\ne\t[1]\n");

        // When
        assertThatThrownBy(file::check)

                // Then
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("Nothing was sent")
                .hasMessageContaining("line 2: no tab")
                .hasMessageContaining("line 3: no key")
                .hasMessageContaining("line 4: nothing after the tab")
                .hasMessageContaining("line 5: not JSON")
                .hasMessageContaining("line 6: not JSON")
                .hasMessageNotContainingAny("line 1:", "line 7:");
    }

    @Test
    void refusesBytesThatAreNoText() throws Exception {
        // Given
        Path path = Files.write(directory.resolve("feed.tsv"), "a\t\"\u00e9\"\n".getBytes(StandardCharsets.ISO_8859_1));

        // When
        assertThatThrownBy(new FeedFile(path)::check)

                // Then
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("not UTF-8");
    }

    @Test
    void refusesAFileThatIsMissingOrEmpty() throws Exception {
        assertThatThrownBy(new FeedFile(directory.resolve("none.tsv"))::check)
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("There is no file");
        assertThatThrownBy(file("")::check)
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("is empty");
    }

    @Test
    void refusesAnUnknownTopicAndNamesTheOthers() throws Exception {
        // Given
        FeedFile file = file("a\t{}\n");

        // When
        assertThatThrownBy(() -> new Publish(kafka.bootstrapServers()).send("vendor.product", file))

                // Then
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("no topic 'vendor.product'")
                .hasMessageContaining("vendor.products");
    }

    @Test
    void saysWhenKafkaDoesNotAnswer() throws Exception {
        // Given
        FeedFile file = file("a\t{}\n");

        // When
        assertThatThrownBy(() -> new Publish("localhost:1").send("vendor.products", file))

                // Then
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("make status");
    }

    private FeedFile file(String content) throws IOException {
        return new FeedFile(Files.writeString(directory.resolve("feed.tsv"), content));
    }
}
