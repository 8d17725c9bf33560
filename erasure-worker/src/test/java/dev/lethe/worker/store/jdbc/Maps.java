package dev.lethe.worker.store.jdbc;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.config.Secret;
import dev.lethe.events.Outcome.Action;
import dev.lethe.worker.store.jdbc.DataMap.Rule;
import dev.lethe.worker.store.jdbc.DataMap.SubjectColumn;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Configurations as tests need them. */
final class Maps {
    private Maps() {}

    /** Deletes from tables, by column and identifier. */
    static DataMap deleting(Map<String, Map<String, String>> tables) {
        var rules = new LinkedHashMap<String, Rule>();
        tables.forEach((name, subject) -> rules.put(
                name,
                new Rule(
                        subject.entrySet().stream()
                                .map(entry -> new SubjectColumn(entry.getKey(), entry.getValue(), false))
                                .toList(),
                        Action.DELETE,
                        Map.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Set.of())));
        return new DataMap(rules, Map.of(), Map.of(), Optional.empty());
    }

    /** As a configuration has it. */
    static DataMap read(String yaml) {
        try {
            return ConfigFile.parse("map", yaml, Map.of("HASH_KEY", "0123456789abcdef"), DataMap::read)
                    .config();
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage());
        }
    }

    static JdbcStoreConfig config(String url, String username, String password, DataMap map) {
        return new JdbcStoreConfig(
                url,
                username,
                Optional.of(new Secret(password)),
                Optional.empty(),
                map,
                4,
                Duration.ofSeconds(2),
                Duration.ofSeconds(4),
                Duration.ofSeconds(5),
                Duration.ofSeconds(3),
                10_000);
    }
}
