package dev.holdfast.media.store;

import dev.holdfast.media.MediaConfig;
import dev.holdfast.platform.postgres.Transactions;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.EnumMap;

/** Wires the stores of the configuration. */
class StoreBeans {
    @Produces
    @Singleton
    Disk disk() {
        return new Disk();
    }

    @Produces
    @Singleton
    FileWork fileWork(MediaConfig config) {
        return new FileWork(config.store().threads(), config.store().waitingMax());
    }

    void stop(@Disposes FileWork work) {
        work.close();
    }

    @Produces
    @Singleton
    Staging staging(MediaConfig config, Disk disk, FileWork work) {
        return new Staging(disk, config.store().directory(), work);
    }

    @Produces
    @Singleton
    BlobStores stores(MediaConfig config, Disk disk, FileWork work, Pool pool, Transactions transactions) {
        var stores = new EnumMap<Backend, BlobStore>(Backend.class);
        stores.put(Backend.FILES, BlobStores.files(disk, config.store().directory(), work));
        stores.put(Backend.POSTGRES, BlobStores.postgres(pool, transactions, disk, work));
        MediaConfig.Store.S3 s3 = config.store().s3();
        s3.bucket().ifPresent(bucket -> stores.put(Backend.S3, BlobStores.s3(s3, bucket)));
        return new BlobStores(stores);
    }

    @Produces
    @Singleton
    BlobPolicy policy(MediaConfig config) {
        return BlobPolicy.of(config.store());
    }
}
