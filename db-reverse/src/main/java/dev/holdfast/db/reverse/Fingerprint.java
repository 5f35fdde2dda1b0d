package dev.holdfast.db.reverse;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Of all that the models depend on: files' names and bytes, whatever their times say. */
record Fingerprint(String digest) {

    /** @param inputs files, directories, or jars, whose packaging does not count */
    static Fingerprint of(List<Path> inputs) throws IOException {
        MessageDigest digest = sha256();
        digest.update(org.jooq.Constants.FULL_VERSION.getBytes(StandardCharsets.UTF_8));
        for (Path input : inputs) {
            if (input.toString().endsWith(".jar")) {
                try (FileSystem jar = FileSystems.newFileSystem(input, Map.of())) {
                    update(digest, jar.getPath("/"), ".class");
                }
            } else {
                update(digest, input, "");
            }
        }
        return new Fingerprint(HexFormat.of().formatHex(digest.digest()));
    }

    private static void update(MessageDigest digest, Path directory, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(one -> one.toString().endsWith(suffix))
                    .sorted()
                    .toList()) {
                digest.update(String.valueOf(file.getFileName()).getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(file));
            }
        }
    }

    /** A directory of classes or a jar. */
    static Path ownClasses() {
        try {
            return Path.of(Fingerprint.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    boolean isIn(Path file) throws IOException {
        return Files.exists(file) && Files.readString(file).equals(digest);
    }

    void writeTo(Path file) throws IOException {
        Files.writeString(file, digest);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
