package dev.lethe.worker.app;

import dev.lethe.config.Section;
import dev.lethe.worker.app.Plugins.Plugin;
import dev.lethe.worker.brake.BrakeConfig;
import dev.lethe.worker.store.ErasureStoreFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kinds of store that there are, by their type: Lethe's own, and those of plugins. */
final class StoreKinds {
    private static final Logger log = LoggerFactory.getLogger(StoreKinds.class);
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    private final Map<String, ErasureStoreFactory> byType = new TreeMap<>();

    private StoreKinds() {
        ServiceLoader.load(ErasureStoreFactory.class).forEach(factory -> byType.put(factory.type(), factory));
    }

    /** Those on the class path. */
    static StoreKinds builtIn() {
        return new StoreKinds();
    }

    /**
     * Those, and the ones that the jars of a folder bring.
     *
     * @throws PluginException if the folder or anything in it can't be used, or if two bring the same kind
     */
    static StoreKinds with(Path plugins) throws PluginException {
        var kinds = new StoreKinds();
        var origins = new HashMap<String, String>();
        kinds.byType.keySet().forEach(type -> origins.put(type, "Lethe itself"));
        for (Plugin plugin : Plugins.in(plugins)) {
            String jar = String.valueOf(plugin.jar().getFileName());
            String first = origins.putIfAbsent(plugin.type(), jar);
            if (first != null) {
                throw new PluginException(
                        plugins,
                        jar + " brings the kind of store \"" + plugin.type() + "\", which " + first
                                + " has already; take one away");
            }
            kinds.byType.put(plugin.type(), plugin.factory());
            log.info("Plugin {} brings the kind of store \"{}\"", plugin.jar(), plugin.type());
        }
        return kinds;
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
                stores.put(
                        name, new StoreConfig(factory.configure(name, section), BrakeConfig.read(section), perSecond));
            } else if (!type.isEmpty()) {
                section.problem(
                        "type",
                        "must be one of " + String.join(", ", byType.keySet())
                                + "; a plugin's kind needs --plugins DIR");
                section.keys();
            }
        });
        if (file.section("stores").keys().isEmpty()) {
            file.problem("stores", "names no store; without one, nothing is ever erased");
        }
        return stores;
    }
}
