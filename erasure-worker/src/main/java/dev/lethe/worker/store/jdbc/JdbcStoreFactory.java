package dev.lethe.worker.store.jdbc;

import dev.lethe.config.Section;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.ErasureStoreFactory;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Makes {@code jdbc} stores. Public for {@link java.util.ServiceLoader} alone. */
public final class JdbcStoreFactory implements ErasureStoreFactory {
    @Override
    public String type() {
        return "jdbc";
    }

    @Override
    public Supplier<ErasureStore> configure(String name, Section section) {
        JdbcStoreConfig config = JdbcStoreConfig.read(section);
        return () -> new JdbcStore(name, config, InstantSource.system());
    }
}
