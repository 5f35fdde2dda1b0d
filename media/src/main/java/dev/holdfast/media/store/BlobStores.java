package dev.holdfast.media.store;

import dev.holdfast.media.MediaConfig;
import dev.holdfast.platform.postgres.Transactions;
import io.vertx.mutiny.sqlclient.Pool;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The stores that are there. */
public record BlobStores(Map<Backend, BlobStore> byBackend) {
    public BlobStores {
        byBackend = Map.copyOf(byBackend);
    }

    /** @throws BlobException when the service has none of this kind */
    public BlobStore of(Backend backend) {
        return Optional.ofNullable(byBackend.get(backend))
                .orElseThrow(() -> new BlobException(
                        BlobException.Reason.REFUSED, "there is no store %s in the configuration".formatted(backend)));
    }

    public Set<Backend> backends() {
        return byBackend.keySet();
    }

    /** @param base as that of the {@link Staging} whose files it takes */
    public static BlobStore files(Disk disk, Path base, FileWork work) {
        return new FileStore(disk, base, work);
    }

    /** @param disk has the staged files that it takes */
    public static BlobStore postgres(Pool pool, Transactions transactions, Disk disk, FileWork work) {
        return new PostgresStore(pool, transactions, disk, work);
    }

    /** A client of its own that lives as long as the process. */
    public static BlobStore s3(MediaConfig.Store.S3 config, String bucket) {
        return new S3Store(S3Clients.of(config), bucket, config.partLength(), config.timeout());
    }
}
