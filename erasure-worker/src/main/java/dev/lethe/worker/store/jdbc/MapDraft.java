package dev.lethe.worker.store.jdbc;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.config.Secret;
import dev.lethe.config.Suggestion;
import dev.lethe.worker.store.StoreUnavailableException;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A first map for a database that has none. It proposes; people decide.
 *
 * @param tables what was found, in the order in which it was reached; tables that are neither reached nor look personal are
 *     left out
 * @param refusals what {@code lethe check} will refuse until somebody has decided
 * @param yaml the section {@code stores} of a worker's configuration, with a comment for everything that was found
 */
public record MapDraft(List<FoundTable> tables, List<String> refusals, String yaml) {
    /** The environment variable with the password, here and in the drafted configuration. */
    public static final String PASSWORD = "LETHE_DB_PASSWORD";

    public MapDraft {
        tables = List.copyOf(tables);
        refusals = List.copyOf(refusals);
    }

    /** How a table belongs to the person. */
    public enum Standing {
        /** The map begins there. */
        START,
        /** Its rows go along with those that they refer to. */
        REACHED,
        /** It refers to what goes, and outlives it. */
        OUTLIVES,
        /** No foreign key leads there, and it looks personal. */
        OUTSIDE
    }

    /**
     * A table.
     *
     * @param table its name
     * @param rows how many rows it has, by the database's own estimate; below 0 where it has none
     * @param standing how it belongs to the person
     * @param why how it was found
     * @param personal the columns that look personal, each with what makes it look so
     * @param decisions what people have to decide on
     */
    public record FoundTable(
            String table,
            long rows,
            Standing standing,
            String why,
            Map<String, String> personal,
            List<String> decisions) {
        public FoundTable {
            decisions = List.copyOf(decisions);
        }
    }

    /**
     * Where to begin.
     *
     * @param url a JDBC URL, without credentials
     * @param username the role that reads, and will erase
     * @param password its password
     * @param schema where tables are that are named without one
     * @param table the table with a row for each person
     * @param column its column that tells one person from the other
     * @param identifier what that column holds, such as {@code userId}
     * @param sample how many rows of each table are looked into; none if only names and types are
     */
    public record Start(
            String url,
            String username,
            Optional<Secret> password,
            Optional<String> schema,
            String table,
            String column,
            String identifier,
            OptionalInt sample) {
        /** As the beginning of a store's configuration. */
        String yaml() {
            return """
                    type: jdbc
                    url: %s
                    username: %s
                    """.formatted(MapYaml.quoted(url), MapYaml.quoted(username))
                    + (password.isPresent() ? "password: \"${%s}\"%n".formatted(PASSWORD) : "")
                    + schema.map(name -> "schema: %s%n".formatted(MapYaml.quoted(name)))
                            .orElse("");
        }
    }

    /**
     * Reads the database's structure, and a few rows if asked to, and changes nothing.
     *
     * @throws ConfigException if it is not known how to reach the database
     * @throws IllegalArgumentException if there is no such table or column; the message tells which there are
     * @throws StoreUnavailableException if the database can't be asked
     */
    public static MapDraft of(Start start) throws ConfigException, StoreUnavailableException {
        JdbcStoreConfig config = config(start);
        Dialect dialect = Dialect.of(config.url());
        try (var store = new JdbcStore("map", config, InstantSource.system())) {
            return store.ask(handle -> {
                Catalogue catalogue = dialect.catalogue(handle, config);
                Table table = table(start, catalogue);
                var drafter = new MapDrafter(catalogue, dialect, table, start);
                start.sample().ifPresent(most -> drafter.sample(new ContentSample(handle, dialect, most)));
                return drafter.draft(config);
            });
        }
    }

    private static JdbcStoreConfig config(Start start) throws ConfigException {
        String yaml = start.yaml()
                + "tables: { %s: { subject: { %s: %s } } }"
                        .formatted(
                                MapYaml.quoted(start.table()),
                                MapYaml.quoted(start.column()),
                                MapYaml.quoted(start.identifier()));
        Map<String, String> environment = start.password()
                .map(password -> Map.of(PASSWORD, password.reveal()))
                .orElse(Map.of());
        return ConfigFile.parse("what was given", yaml, environment, section -> {
                    section.text("type");
                    return JdbcStoreConfig.read(section);
                })
                .config();
    }

    private static Table table(Start start, Catalogue catalogue) {
        Table table = catalogue
                .table(start.table())
                .orElseThrow(() -> new IllegalArgumentException("there is no table \"" + start.table() + "\""
                        + Suggestion.nearest(
                                start.table(),
                                catalogue.tables().stream().map(Table::label).toList())));
        if (table.relation() != Catalogue.Relation.TABLE) {
            throw new IllegalArgumentException("\"" + start.table() + "\" is no table with rows of its own");
        }
        if (!table.columns().containsKey(start.column())) {
            throw new IllegalArgumentException("table \"" + table + "\" has no column \"" + start.column() + "\""
                    + Suggestion.nearest(start.column(), table.columns().keySet()));
        }
        return table;
    }
}
