package dev.lethe.worker.store.jdbc;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.worker.store.ErasureStore;
import java.util.Map;

/** What is compared with a reference: whoever erases by a map. */
@FunctionalInterface
interface Erasing {
    /** The store as a worker would make it of its configuration. */
    Erasing JDBC = (server, map) -> ConfigFile.parse(
                    "store.yaml",
                    "%s\nurl: \"%s\"\nusername: \"%s\"\npassword: \"%s\"\n"
                            .formatted(map, server.url(), server.username(), server.password()),
                    Map.of("HASH_KEY", "a secret of 32 characters or more"),
                    section -> new JdbcStoreFactory().configure("company", section))
            .config()
            .get();

    /** A store onto the server, configured by the map, which is without the connection. */
    ErasureStore open(SqlServer server, String map) throws ConfigException;
}
