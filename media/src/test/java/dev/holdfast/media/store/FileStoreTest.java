package dev.holdfast.media.store;

import static dev.holdfast.media.store.StoreFixture.await;
import static dev.holdfast.media.store.StoreFixture.bytes;
import static dev.holdfast.media.store.StoreFixture.ref;
import static dev.holdfast.media.store.StoreFixture.stage;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FileStoreTest extends BlobStoreContract {
    private static final StoreUnderTest SUBJECT = new StoreUnderTest() {
        private final BlobStore store = BlobStores.files(disk, base, work);

        @Override
        BlobStore store() {
            return store;
        }

        @Override
        void corrupt(BlobRef ref) throws IOException {
            Path file = store.file(ref).orElseThrow();
            byte[] content = Files.readAllBytes(file);
            content[0]++;
            Files.write(file, content);
        }

        @Override
        int readersMax() {
            return 40;
        }
    };

    @Override
    StoreUnderTest subject() {
        return SUBJECT;
    }

    @Test
    void hasAFileOfEachBlobThatIsNamedByItsHashAndId() throws IOException {
        // Given
        byte[] content = bytes(10, 1);
        BlobRef ref = ref(content);

        // When
        await(SUBJECT.store().put(ref, stage(SUBJECT.staging(), ref.id(), content)));

        // Then
        String hash = ref.hash().hex();
        Path file = SUBJECT.base
                .resolve("objects")
                .resolve(hash.substring(0, 2))
                .resolve(hash.substring(2, 4))
                .resolve(hash + "." + ref.id());
        assertThat(SUBJECT.store().file(ref)).contains(file);
        assertThat(Files.readAllBytes(file)).isEqualTo(content);
        assertThat(SUBJECT.base.resolve("staging").resolve(ref.id().toString())).doesNotExist();
    }

    @Test
    void passesOverWhatIsNoBlob() throws IOException {
        // Given
        Path objects = Files.createDirectories(SUBJECT.base.resolve("objects"));
        Files.writeString(objects.resolve("lost+found"), "");
        Files.writeString(Files.createDirectories(objects.resolve("aa/bb")).resolve("notes.txt"), "");

        // When / Then
        assertThat(await(SUBJECT.store().list().collect().asList()))
                .noneMatch(blob -> blob.key().contains("notes"));
    }
}
