package dev.lethe.worker.store.redis;

import dev.lethe.config.Section;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.ErasureStoreFactory;
import java.util.function.Supplier;

/** Makes {@code redis} stores. Public for {@link java.util.ServiceLoader} alone. */
public final class RedisStoreFactory implements ErasureStoreFactory {
    @Override
    public String type() {
        return "redis";
    }

    @Override
    public Supplier<ErasureStore> configure(String name, Section section) {
        RedisStoreConfig config = RedisStoreConfig.read(section);
        return () -> new RedisStore(name, config);
    }
}
