package dev.lethe.worker.store;

import dev.lethe.config.Section;
import java.util.function.Supplier;

/**
 * Makes the stores of one kind. Found by {@link java.util.ServiceLoader}, on the class path and in the jars of {@code --plugins};
 * called once per configured store at start, by a thread whose context class loader is the factory's.
 */
public interface ErasureStoreFactory {
    /** The {@code type} that names this kind in a configuration, in lower case. */
    String type();

    /**
     * Reads the configuration of one store and reports what is wrong with it to the section.
     *
     * @param name the store's name, unique in the worker
     * @param section everything below {@code stores.<name>}; {@code type} is read already
     * @return opens the store; called only if the whole configuration is without problems. It does not wait for the store
     *     to be there: a store that is down when the worker starts is a store that is down.
     */
    Supplier<ErasureStore> configure(String name, Section section);
}
