package dev.lethe.worker.app;

import dev.lethe.config.Section;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.ErasureStoreFactory;
import dev.lethe.worker.store.HolderListing;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * Calls a plugin with its own class loader as that of the thread: many libraries look there for their parts. Holds for
 * everything that the SPI has, and for the threads that a store starts.
 */
final class PluginStores {
    private PluginStores() {}

    static ErasureStoreFactory of(ErasureStoreFactory factory, ClassLoader loader) {
        return new ErasureStoreFactory() {
            @Override
            public String type() {
                return factory.type();
            }

            @Override
            public Supplier<ErasureStore> configure(String name, Section section) {
                Supplier<ErasureStore> opener = inContextOf(loader, () -> factory.configure(name, section));
                return () -> of(inContextOf(loader, opener), loader);
            }
        };
    }

    /** By reflection: a method that the SPI gets one day with a default is the store's own here, too. */
    private static ErasureStore of(ErasureStore store, ClassLoader loader) {
        return (ErasureStore) Proxy.newProxyInstance(
                ErasureStore.class.getClassLoader(),
                store instanceof HolderListing
                        ? new Class<?>[] {ErasureStore.class, HolderListing.class}
                        : new Class<?>[] {ErasureStore.class},
                (proxy, method, arguments) -> {
                    try {
                        return inContext(loader, () -> method.invoke(store, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                });
    }

    static <T> T inContextOf(ClassLoader loader, Supplier<T> work) {
        try {
            return inContext(loader, work::get);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T inContext(ClassLoader loader, Callable<T> work) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return work.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
