package dev.lethe.worker.store.opensearch;

import dev.lethe.config.Section;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.ErasureStoreFactory;
import java.util.function.Supplier;

/** Makes {@code opensearch} stores. Public for {@link java.util.ServiceLoader} alone. */
public final class OpenSearchStoreFactory implements ErasureStoreFactory {
    @Override
    public String type() {
        return "opensearch";
    }

    @Override
    public Supplier<ErasureStore> configure(String name, Section section) {
        OpenSearchStoreConfig config = OpenSearchStoreConfig.read(section);
        return () -> new OpenSearchStore(config);
    }
}
