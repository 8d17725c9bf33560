package dev.lethe.worker.store.kafka;

import dev.lethe.config.Section;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.ErasureStoreFactory;
import java.time.Clock;
import java.util.function.Supplier;

/** Makes {@code kafka} stores. Public for {@link java.util.ServiceLoader} alone. */
public final class KafkaStoreFactory implements ErasureStoreFactory {
    @Override
    public String type() {
        return "kafka";
    }

    @Override
    public Supplier<ErasureStore> configure(String name, Section section) {
        KafkaStoreConfig config = KafkaStoreConfig.read(section);
        return () -> new KafkaStore(name, config, Clock.systemUTC());
    }
}
