package dev.holdfast.audit.proof;

import dev.holdfast.audit.proof.BundleLine.Leaf;
import dev.holdfast.audit.proof.BundleLine.SignedCheckpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Verifies a bundle for who has a public key and trusts nothing else: neither service nor database. Ends with 0 when
 * all holds, with 1 when something does not, after saying what, and with 2 when it could not be run like this.
 */
public final class Verify {
    private static final int HOLDS = 0;
    private static final int REFUSED = 1;
    private static final int UNUSABLE = 2;

    private static final String USAGE = """
            Usage: Verify <bundle> --key <name>=<public key> [--key ...] [--checkpoint <file> ...]
              --key         who may have signed, and an Ed25519 key in base64 of X.509 (openssl pkey -pubout)
              --checkpoint  a signed checkpoint that you kept earlier: the bundle has to go on from it""";

    private final Path bundle;
    private final CheckpointVerifier keys;
    private final List<Checkpoint> kept;

    private Verify(Path bundle, CheckpointVerifier keys, List<Checkpoint> kept) {
        this.bundle = bundle;
        this.keys = keys;
        this.kept = kept;
    }

    public static void main(String[] args) {
        System.exit(run(args, System.out, System.err));
    }

    /** Returns the exit status. */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        try {
            out.println(of(args).report());
            return HOLDS;
        } catch (BundleException refused) {
            out.println("REFUSED. " + refused.getMessage());
            return REFUSED;
        } catch (UsageException misuse) {
            err.println(misuse.getMessage());
            err.println(USAGE);
            return UNUSABLE;
        } catch (IOException unread) {
            err.println("This file cannot be read: " + unread.getMessage());
            return UNUSABLE;
        }
    }

    private static Verify of(String[] args) throws IOException {
        var bundles = new ArrayList<Path>();
        var keys = new ArrayList<NoteKey>();
        var notes = new ArrayList<Path>();
        Iterator<String> words = Arrays.asList(args).iterator();
        while (words.hasNext()) {
            String word = words.next();
            switch (word) {
                case "--key" -> keys.add(key(value(word, words)));
                case "--checkpoint" -> notes.add(Path.of(value(word, words)));
                default -> bundles.add(bundle(word));
            }
        }
        if (bundles.size() != 1 || keys.isEmpty()) {
            throw new UsageException("One bundle is needed, and at least one key.");
        }
        var verifier = new CheckpointVerifier(keys);
        var kept = new ArrayList<Checkpoint>();
        for (Path note : notes) {
            kept.add(kept(note, verifier));
        }
        return new Verify(bundles.getFirst(), verifier, kept);
    }

    private static Path bundle(String word) {
        if (word.startsWith("-")) {
            throw new UsageException("There is no option %s.".formatted(word));
        }
        return Path.of(word);
    }

    private static String value(String option, Iterator<String> words) {
        if (!words.hasNext()) {
            throw new UsageException("%s has no value.".formatted(option));
        }
        return words.next();
    }

    private static NoteKey key(String nameAndKey) {
        int equals = nameAndKey.indexOf('=');
        if (equals < 0) {
            throw new UsageException("--key '%s' is not <name>=<public key>.".formatted(nameAndKey));
        }
        try {
            return new NoteKey(nameAndKey.substring(0, equals), Ed25519.publicKey(nameAndKey.substring(equals + 1)));
        } catch (IllegalArgumentException unusable) {
            throw new UsageException("--key '%s': %s.".formatted(nameAndKey, unusable.getMessage()));
        }
    }

    private static Checkpoint kept(Path note, CheckpointVerifier verifier) throws IOException {
        try {
            return verifier.verify(Files.readString(note));
        } catch (CheckpointException refused) {
            throw BundleException.of("%s: %s".formatted(note, refused.getMessage()));
        }
    }

    private String report() throws IOException {
        var verifier = new BundleVerifier(keys, kept, lateSizes());
        try (BufferedReader lines = reader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                verifier.accept(line);
            }
        }
        VerifiedBundle verified = verifier.finish();
        var report = new StringBuilder("VERIFIED. %s: %d leaves of %d users, %d checkpoints, root %s"
                .formatted(
                        verified.origin(),
                        verified.leaves(),
                        verified.users(),
                        verified.checkpoints(),
                        verified.root()));
        if (verified.gone() > 0) {
            report.append("%n%d leaves have no content any more: their hashes are in the tree, and were not recomputed"
                    .formatted(verified.gone()));
        }
        kept.forEach(checkpoint ->
                report.append("%nThe kept checkpoint of %d leaves is a prefix".formatted(checkpoint.size())));
        return report.toString();
    }

    /**
     * Checkpoints may stand further behind than the leaves that they cover, and by then their roots have passed; so the
     * file is read twice. Ends at a line that cannot be understood, at which the second reading will end, too.
     */
    private Set<Long> lateSizes() throws IOException {
        var late = new HashSet<Long>();
        long leaves = 0;
        try (BufferedReader lines = reader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                switch (BundleLine.parse(line)) {
                    case Leaf _ -> leaves++;
                    case SignedCheckpoint signed -> {
                        long size = keys.verify(signed.checkpoint()).size();
                        if (size < leaves) {
                            late.add(size);
                        }
                    }
                    default -> {}
                }
            }
        } catch (IllegalArgumentException | CheckpointException namedLater) {
            return late;
        }
        return late;
    }

    /** Bytes that are not UTF-8 become other characters, so that the leaf is named whose hash they spoil. */
    private BufferedReader reader() throws IOException {
        return new BufferedReader(new InputStreamReader(Files.newInputStream(bundle), StandardCharsets.UTF_8));
    }

    private static final class UsageException extends RuntimeException {
        UsageException(String message) {
            super(message);
        }
    }
}
