package com.example.lethe.ldap;

import dev.lethe.config.Section;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.ErasureStoreFactory;
import java.util.function.Supplier;

/** Makes {@code ldap} stores. */
public final class LdapStoreFactory implements ErasureStoreFactory {
    @Override
    public String type() {
        return "ldap";
    }

    @Override
    public Supplier<ErasureStore> configure(String name, Section section) {
        LdapStoreConfig config = LdapStoreConfig.read(section);
        return () -> new LdapStore(config);
    }
}
