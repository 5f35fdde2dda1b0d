package dev.holdfast.audit.proof;

import static dev.holdfast.audit.proof.SampleLog.ADA;
import static dev.holdfast.audit.proof.SampleLog.BOB;
import static dev.holdfast.audit.proof.SampleLog.EVE;
import static dev.holdfast.audit.proof.SampleLog.ORIGIN;
import static dev.holdfast.audit.proof.SampleLog.SIGNER;
import static dev.holdfast.audit.proof.SampleLog.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.audit.proof.BundleLine.Header;
import dev.holdfast.audit.proof.BundleLine.Leaf;
import dev.holdfast.audit.proof.BundleLine.SignedCheckpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BundleVerifierTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final CheckpointVerifier KEYS = new CheckpointVerifier(List.of(SIGNER.key()));

    private final List<String> lines = SampleLog.ofNineLeaves().lines();

    private static VerifiedBundle verify(List<String> lines, Checkpoint... kept) {
        return verify(new BundleVerifier(KEYS, List.of(kept), List.of()), lines);
    }

    private static VerifiedBundle verify(BundleVerifier verifier, List<String> lines) {
        lines.forEach(verifier::accept);
        return verifier.finish();
    }

    private static BundleException refusal(List<String> lines, Checkpoint... kept) {
        return catchThrowableOfType(BundleException.class, () -> verify(lines, kept));
    }

    private static ObjectNode json(String line) throws Exception {
        return (ObjectNode) JSON.readTree(line);
    }

    @Test
    void verifiesABundleWithErasedUsers() {
        // When
        VerifiedBundle verified = verify(lines);

        // Then
        Hash root = SampleLog.ofNineLeaves().checkpoint().root();
        assertThat(verified).isEqualTo(new VerifiedBundle(ORIGIN, 9, 3, 2, 2, root));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "leaf       | 6",
                "userId     | \"0190b8a0-7c00-7000-8000-0000000000b2\"",
                "version    | 4",
                "eventId    | \"0190b8a0-7c00-7000-8000-00000000ffff\"",
                "op         | \"k\"",
                "recordedAt | \"2026-03-01T12:00:05.000002Z\"",
                "validFrom  | \"2026-03-01T12:00:05.000002Z\"",
                "address    | \"YWRhQGV4YW1wbGUuY29t\"",
                "actor      | \"bob\"",
                "reason     | \"asked  for\"",
                "source     | \"import\"",
                "hash       | \"0000000000000000000000000000000000000000000000000000000000000000\"",
                "gone       | true"
            })
    void namesTheLeafOfWhichOneFieldIsAltered(String field, String value) throws Exception {
        // Given
        ObjectNode altered = json(lines.get(line(5)));
        JsonNode before = altered.get(field);
        altered.set(field, JSON.readTree(value));
        assertThat(altered.get(field)).isNotEqualTo(before);
        lines.set(line(5), altered.toString());

        // When
        BundleException refusal = refusal(lines);

        // Then
        assertThat(refusal.leaf()).hasValue(5);
        assertThat(refusal).hasMessageContaining("Leaf 5 (user ").hasMessageContaining("line 8)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "leaf",
                "userId",
                "version",
                "eventId",
                "op",
                "recordedAt",
                "validFrom",
                "address",
                "actor",
                "reason",
                "source",
                "hash"
            })
    void namesTheLeafOfWhichOneFieldIsMissingOrOfAnotherType(String field) throws Exception {
        // Given
        ObjectNode line = json(lines.get(line(5)));
        List<ObjectNode> malformed = List.of(
                line.deepCopy().without(field),
                line.deepCopy().putNull(field),
                line.deepCopy().put(field, true),
                line.deepCopy().put(field, ""),
                line.deepCopy().put(field, "?"));

        for (ObjectNode other : malformed) {
            // When
            lines.set(line(5), other.toString());
            BundleException refusal = refusal(lines);

            // Then
            assertThat(refusal.leaf()).as(other.toString()).hasValue(5);
        }
    }

    @Test
    void namesTheLeafInWhichAFieldIsAddedOrStandsTwice() {
        // Given
        String line = lines.get(line(5));

        for (String added : List.of("\"note\":1", "\"actor\":\"ada\"")) {
            // When
            lines.set(line(5), line.replaceFirst("\\{", "{" + added + ","));

            // Then
            assertThat(refusal(lines).leaf()).hasValue(5);
        }
    }

    @ParameterizedTest
    @MethodSource("leaves")
    void namesALeafThatIsRemoved(int leaf) {
        // When
        lines.remove(line(leaf));

        // Then
        assertThat(refusal(lines).leaf()).hasValue(leaf);
    }

    @ParameterizedTest
    @MethodSource("leaves")
    void namesALeafThatIsThereTwice(int leaf) {
        // When
        lines.add(line(leaf), lines.get(line(leaf)));

        // Then the second one stands where the next one has to
        assertThat(refusal(lines).leaf()).hasValue(leaf + 1);
    }

    static Stream<Integer> leaves() {
        return Stream.iterate(0, leaf -> leaf + 1).limit(9);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 5, 7})
    void namesALeafThatChangedPlacesWithTheNext(int leaf) {
        // When
        Collections.swap(lines, line(leaf), line(leaf + 1));

        // Then
        assertThat(refusal(lines).leaf()).hasValue(leaf);
    }

    @Test
    void namesTheNextLeafOfAUserWhoseLeafIsRemovedAndAllOthersNumberedAnew() throws Exception {
        // Given
        lines.remove(line(3));
        for (int leaf = 4; leaf <= 8; leaf++) {
            lines.set(
                    line(leaf) - 1,
                    json(lines.get(line(leaf) - 1)).put("leaf", leaf - 1).toString());
        }
        lines.remove(line(3));

        // When
        BundleException refusal = refusal(lines);

        // Then
        assertThat(refusal.leaf()).hasValue(4);
        assertThat(refusal).hasMessageContaining("version 3").hasMessageContaining("the version to follow is 2");
    }

    @Test
    void refusesAnEventThatIsReplacedTogetherWithItsHash() {
        // Given what an attacker with access to all tables could do
        List<String> forged = new SampleLog()
                .happens(ADA, 'r', "ada@example.com")
                .happens(BOB, 'r', "eve@example.com")
                .lines();
        lines.set(line(1), forged.get(line(1)));

        // When
        BundleException refusal = refusal(lines);

        // Then each leaf up to the checkpoint holds in itself
        assertThat(refusal.leaf()).isEmpty();
        assertThat(refusal)
                .hasMessageContaining("Line 6")
                .hasMessageContaining("the checkpoint of 4 leaves has the root");
    }

    @Test
    void namesTheNextLeafOfAUserWhoseGoneLeafIsAltered() throws Exception {
        // Given
        lines.set(line(4), json(lines.get(line(4))).put("hash", Hash.ZERO.hex()).toString());

        // When
        BundleException refusal = refusal(lines);

        // Then
        assertThat(refusal.leaf()).hasValue(6);
        assertThat(refusal).hasMessageContaining("one of the two was altered");
    }

    @Test
    void refusesAGoneLeafThatIsAlteredWhenNoneOfItsUserFollows() throws Exception {
        // Given
        List<String> bundle = new SampleLog()
                .happens(ADA, 'r', "ada@example.com")
                .isGone(EVE)
                .isSealed()
                .lines();
        bundle.set(2, json(bundle.get(2)).put("hash", Hash.ZERO.hex()).toString());

        // When / Then
        assertThat(refusal(bundle)).hasMessageContaining("Line 4: the checkpoint of 2 leaves has the root");
    }

    @Test
    void refusesAVersionThatIsRecordedNoLaterThanTheOneBefore() {
        // Given hashes and signatures that hold
        Instant recorded = Instant.parse("2026-03-01T12:00:00Z");
        List<String> bundle = new SampleLog()
                .happens(ADA, 'r', "ada@example.com", recorded)
                .isGone(ADA)
                .happens(ADA, 'c', "ada@example.org", recorded)
                .isSealed()
                .lines();

        // When
        BundleException refusal = refusal(bundle);

        // Then
        assertThat(refusal.leaf()).hasValue(2);
        assertThat(refusal).hasMessageContaining("it is recorded at 2026-03-01T12:00:00Z");
    }

    @Test
    void acceptsACheckpointThatSomebodyKept() {
        // Given
        Checkpoint kept = new SampleLog()
                .happens(ADA, 'r', "ada@example.com")
                .happens(BOB, 'r', "bob@example.com")
                .checkpoint();

        // When
        VerifiedBundle verified = verify(lines, kept, new SampleLog().checkpoint());

        // Then
        assertThat(verified.leaves()).isEqualTo(9);
    }

    @Test
    void refusesALogThatHasForkedSinceSomebodyKeptACheckpoint() {
        // Given
        Checkpoint kept = new SampleLog()
                .happens(ADA, 'r', "ada@example.com")
                .happens(BOB, 'r', "eve@example.com")
                .checkpoint();

        // When
        BundleException refusal = refusal(lines, kept);

        // Then
        assertThat(refusal)
                .hasMessageContaining("forked")
                .hasMessageContaining(kept.root().hex());
    }

    @Test
    void refusesABundleThatEndsBeforeTheCheckpointThatSomebodyKept() {
        // Given
        Checkpoint kept = SampleLog.ofNineLeaves().happens(BOB, 'v', null).checkpoint();

        // When / Then
        assertThat(refusal(lines, kept)).hasMessageContaining("covers 10 leaves and the bundle ends after 9");
    }

    @Test
    void refusesTheKeptCheckpointOfAnotherLog() {
        // Given
        Checkpoint kept = new Checkpoint("other", 1, KnownTree.root(1));

        // When / Then
        assertThat(refusal(lines, kept)).hasMessageContaining("'other'");
    }

    @Test
    void refusesACheckpointOfAnotherLog() {
        // Given
        lines.set(0, Header.of("other").toJson());

        // When / Then
        assertThat(refusal(lines)).hasMessageContaining("Line 6").hasMessageContaining("'other'");
    }

    @Test
    void refusesASignatureOfAnUnknownKey() {
        // Given the same key by another name
        var stranger = new CheckpointSigner("stranger", SampleLog.PRIVATE_KEY);
        Checkpoint all = SampleLog.ofNineLeaves().checkpoint();
        lines.set(lines.size() - 1, new SignedCheckpoint(stranger.sign(all)).toJson());

        // When / Then
        assertThat(refusal(lines)).hasMessageContaining("Line 12").hasMessageContaining("unknown key");
    }

    @Test
    void refusesACheckpointThatIsAltered() {
        // Given
        lines.replaceAll(line -> line.replace("\\n9\\n", "\\n8\\n"));

        // When / Then
        assertThat(refusal(lines)).hasMessageContaining("Line 12").hasMessageContaining("bad signature");
    }

    @Test
    void refusesLeavesThatNoCheckpointCovers() {
        // Given
        lines.removeLast();

        // When
        BundleException refusal = refusal(lines);

        // Then
        assertThat(refusal.leaf()).hasValue(4);
        assertThat(refusal).hasMessageContaining("no checkpoint covers them");
    }

    @Test
    void refusesABundleThatNobodySigned() {
        // Given
        lines.removeIf(line -> line.contains("checkpoint"));

        // When / Then
        assertThat(refusal(lines)).hasMessageContaining("There is no checkpoint");
        assertThat(refusal(List.of(Header.of(ORIGIN).toJson()))).hasMessageContaining("There is no checkpoint");
    }

    @Test
    void verifiesALogWithoutLeaves() {
        assertThat(verify(new SampleLog().isSealed().lines()).leaves()).isZero();
    }

    @Test
    void verifiesACheckpointFurtherBehindWhenItsSizeIsKnownBefore() {
        // Given
        lines.add(lines.remove(line(3) + 1));

        // When
        VerifiedBundle verified = verify(new BundleVerifier(KEYS, List.of(), List.of(4L)), lines);

        // Then
        assertThat(verified.checkpoints()).isEqualTo(2);
        assertThat(refusal(lines)).hasMessageContaining("covers 4 leaves and stands behind 9, which was not announced");
    }

    @Test
    void refusesABundleWithoutItsHeaderFirst() {
        // Given
        List<String> headless = lines.subList(1, lines.size());
        var twice = new ArrayList<>(lines);
        twice.add(3, lines.getFirst());

        // When / Then
        assertThat(refusal(headless)).hasMessageStartingWith("Line 1: ");
        assertThat(refusal(twice)).hasMessageStartingWith("Line 4: ");
        assertThat(refusal(List.of())).hasMessageContaining("empty");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"leaf\":0",
                "{\"leaf\":0} {}",
                "{\"checkpoint\":null}",
                "{\"format\":\"holdfast-audit-bundle/2\",\"origin\":\"x\"}"
            })
    void namesTheLeafWhoseLineCannotBeUnderstood(String line) {
        // Given
        lines.set(line(5), line);

        // When
        BundleException refusal = refusal(lines);

        // Then
        assertThat(refusal.leaf()).hasValue(5);
        assertThat(refusal).hasMessageStartingWith("Line 8, where leaf 5 is due: ");
    }

    @Test
    void writesWhatItReads() {
        assertThat(lines).allMatch(line -> BundleLine.parse(line).toJson().equals(line));
        assertThat(lines.getFirst())
                .isEqualTo("{\"format\":\"holdfast-audit-bundle/1\",\"origin\":\"audit.example.com/users\"}");
        assertThat(Leaf.gone(7, ADA, 3, Hash.ZERO).toJson())
                .isEqualTo("{\"leaf\":7,\"userId\":\"%s\",\"version\":3,\"hash\":\"%s\",\"gone\":true}"
                        .formatted(ADA, Hash.ZERO));
    }
}
