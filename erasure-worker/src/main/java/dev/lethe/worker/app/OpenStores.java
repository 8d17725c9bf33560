package dev.lethe.worker.app;

import dev.lethe.worker.store.ErasureStore;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The stores of a configuration, open; for a command that asks them and ends. */
final class OpenStores implements AutoCloseable {
    private final Map<String, ErasureStore> stores = new LinkedHashMap<>();

    OpenStores(WorkerConfig config) {
        config.stores().forEach((name, store) -> stores.put(name, store.opener().get()));
    }

    /** By name, in the file's order. */
    Map<String, ErasureStore> byName() {
        return Collections.unmodifiableMap(stores);
    }

    @Override
    public void close() {
        stores.values().forEach(ErasureStore::close);
    }
}
