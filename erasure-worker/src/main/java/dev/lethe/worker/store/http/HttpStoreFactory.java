package dev.lethe.worker.store.http;

import dev.lethe.config.Section;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.ErasureStoreFactory;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Makes {@code http} stores. Public for {@link java.util.ServiceLoader} alone. */
public final class HttpStoreFactory implements ErasureStoreFactory {
    @Override
    public String type() {
        return "http";
    }

    @Override
    public Supplier<ErasureStore> configure(String name, Section section) {
        HttpStoreConfig config = HttpStoreConfig.read(section);
        return () -> open(name, config, InstantSource.system());
    }

    static ErasureStore open(String name, HttpStoreConfig config, InstantSource clock) {
        return switch (config.protocol()) {
            case LETHE -> new HttpStore(name, config, clock);
            case OPENDSR -> new OpenDsrStore(name, config, clock);
        };
    }
}
