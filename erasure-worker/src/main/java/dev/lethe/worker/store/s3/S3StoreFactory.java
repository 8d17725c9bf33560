package dev.lethe.worker.store.s3;

import dev.lethe.config.Section;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.ErasureStoreFactory;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Makes {@code s3} stores. Public for {@link java.util.ServiceLoader} alone. */
public final class S3StoreFactory implements ErasureStoreFactory {
    @Override
    public String type() {
        return "s3";
    }

    @Override
    public Supplier<ErasureStore> configure(String name, Section section) {
        S3StoreConfig config = S3StoreConfig.read(section);
        return () -> new S3Store(name, config, S3Clients.open(config), InstantSource.system());
    }
}
