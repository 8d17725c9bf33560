package dev.lethe.worker.app;

import dev.lethe.config.Section;
import dev.lethe.worker.store.ErasureStoreFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The kinds of store on the class path, by their type. */
final class StoreKinds {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    private final Map<String, ErasureStoreFactory> byType = new TreeMap<>();

    StoreKinds() {
        ServiceLoader.load(ErasureStoreFactory.class).forEach(factory -> byType.put(factory.type(), factory));
    }

    /** Reads the section {@code stores}: every store in the file's order. */
    Map<String, StoreConfig> read(Section file) {
        var stores = new LinkedHashMap<String, StoreConfig>();
        file.sectionByName("stores").forEach((name, section) -> {
            if (!NAME.matcher(name).matches()) {
                file.problem(
                        "stores." + name, "a store's name has up to 63 lower-case letters, digits, '.', '_' or '-'");
            }
            String type = section.text("type");
            ErasureStoreFactory factory = byType.get(type);
            if (factory != null) {
                int perSecond = section.integer("erasuresPerSecond", StoreConfig.UNLIMITED, 1, StoreConfig.UNLIMITED);
                stores.put(name, new StoreConfig(factory.configure(name, section), perSecond));
            } else if (!type.isEmpty()) {
                section.problem("type", "must be one of " + String.join(", ", byType.keySet()));
                section.keys();
            }
        });
        if (file.section("stores").keys().isEmpty()) {
            file.problem("stores", "names no store; without one, nothing is ever erased");
        }
        return stores;
    }
}
