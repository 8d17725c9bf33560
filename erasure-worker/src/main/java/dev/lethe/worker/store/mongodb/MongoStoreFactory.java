package dev.lethe.worker.store.mongodb;

import dev.lethe.config.Section;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.ErasureStoreFactory;
import java.util.function.Supplier;

/** Makes {@code mongodb} stores. Public for {@link java.util.ServiceLoader} alone. */
public final class MongoStoreFactory implements ErasureStoreFactory {
    @Override
    public String type() {
        return "mongodb";
    }

    @Override
    public Supplier<ErasureStore> configure(String name, Section section) {
        MongoStoreConfig config = MongoStoreConfig.read(section);
        return () -> new MongoStore(name, config, () -> Clients.open(name, config));
    }
}
