package dev.holdfast.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What everyone may see is read from {@code live_product}. Whoever reads the tables behind it sees deleted products, so
 * every statement that does is on a list, with the reason why it may. A new one fails here until it reads the view, or is
 * on the list, too.
 */
class LiveProductsTest {
    private static final Path SOURCES = Path.of("src", "main", "java");

    /** A statement that uses the table, or the tables and the view with all versions. */
    private static final Pattern BEHIND_THE_VIEW = Pattern.compile(
            "\\b(?:FROM|JOIN|INTO|UPDATE|USING|ONLY|MERGE|TABLE)\\s+(?:product\\.)?product(?:_history|_archive|_version)?\\b(?!_)");

    private static final Pattern LITERAL =
            Pattern.compile("\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"", Pattern.DOTALL);
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|(?m)^\\s*//[^\n]*$", Pattern.DOTALL);
    private static final Pattern CONSTANT = Pattern.compile("static final String (\\w+)\\s*=");

    private static final Map<String, String> ALLOWED = Map.ofEntries(
            Map.entry("FeedStore.APPLY", "the version guard needs deleted ones, or a late message would revive them"),
            Map.entry("SnapshotStore.COUNT", "counts live ones, for the fuse"),
            Map.entry("SnapshotStore.LOCK_MISSING", "locks live ones that a snapshot leaves out"),
            Map.entry("SnapshotStore.DELETE", "deletes live ones that a snapshot leaves out"),
            Map.entry("SnapshotStore.DIFFERENCE", "tells a vendor which of its own are not live"),
            Map.entry("ReceiptStore.OF_VERSION", "the fate of a vendor's own message, whatever the product is now"),
            Map.entry(
                    "WaitingStore.HOLDINGS",
                    "versions of deleted ones decide on a message; GTINs are read of live ones"),
            Map.entry("WaitingStore.DUE", "as above"),
            Map.entry("ProductStore.OF_STATE", "for those who asked for deleted or archived ones and were allowed to"),
            Map.entry("ProductStore.OF_ANY_STATE", "for those who asked for all and were allowed to"),
            Map.entry("LifecycleStore.LOCK", "locks what is to be restored"),
            Map.entry("LifecycleStore.REPLACED", "writes the history"),
            Map.entry("LifecycleStore.DELETE", "deletes a live one"),
            Map.entry("LifecycleStore.RESTORE", "makes a deleted one live"),
            Map.entry("LifecycleStore.CANDIDATE", "finds what is to be restored; GTINs are read of live ones"),
            Map.entry("LifecycleStore.VERSIONS", "the history, for the vendor whose it is and for operators"),
            Map.entry("ArchiveStore.ARCHIVE", "archives deleted ones"),
            Map.entry("ArchiveStore.ELIGIBLE", "counts deleted ones, for operators"));

    /** The statements of a source that read behind the view, by the constants they are in; "?" outside of any. */
    private static List<String> behindTheView(String className, String source) {
        String code = COMMENT.matcher(source).replaceAll("");
        var found = new ArrayList<String>();
        Matcher literal = LITERAL.matcher(code);
        while (literal.find()) {
            if (BEHIND_THE_VIEW.matcher(literal.group()).find()) {
                found.add(className + "." + constantAt(code, literal.start()));
            }
        }
        return found;
    }

    private static String constantAt(String code, int position) {
        String statement = code.substring(Math.max(code.lastIndexOf(";\n", position), 0), position);
        Matcher constant = CONSTANT.matcher(statement);
        return constant.find() ? constant.group(1) : "?";
    }

    private static List<String> behindTheViewAnywhere() throws IOException {
        var found = new ArrayList<String>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String className = file.getFileName().toString().replace(".java", "");
                found.addAll(behindTheView(className, Files.readString(file)));
            }
        }
        return found;
    }

    @Test
    void onlyTheStatementsOfTheListReadBehindTheView() throws IOException {
        assertThat(behindTheViewAnywhere()).isNotEmpty().isSubsetOf(ALLOWED.keySet());
    }

    @Test
    void nothingIsOnTheListThatIsNotThere() throws IOException {
        assertThat(behindTheViewAnywhere()).containsAll(ALLOWED.keySet());
    }

    @Test
    void aStatementThatForgetsTheViewIsFound() {
        assertThat(behindTheView("ShopStore", """
                class ShopStore {
                    private static final String GOOD = "SELECT 1 FROM live_product";
                    private static final String BAD = \"""
                            SELECT name
                              FROM product p
                            \""";
                    private static final String WORSE =
                            "SELECT 1 " + "FROM x JOIN product_version v ON true";
                    // "SELECT 1 FROM product" is bad
                    void read() { client.query("UPDATE product SET name = ''"); }
                }
                """)).containsExactly("ShopStore.BAD", "ShopStore.WORSE", "ShopStore.?");
    }
}
