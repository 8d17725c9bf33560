package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.joining;

import dev.lethe.cli.JsonText;
import dev.lethe.cli.Table;
import dev.lethe.worker.store.jdbc.DataMap.Rule;
import dev.lethe.worker.store.jdbc.MapDraft.FoundTable;
import dev.lethe.worker.store.jdbc.MapDraft.Standing;
import dev.lethe.worker.store.jdbc.MapDraft.Start;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.text.WordUtils;

/** A drafted map as a configuration, with what people need to know in comments. */
final class MapYaml {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");
    private static final Set<String> RESERVED = Set.of("true", "false", "yes", "no", "on", "off", "null", "y", "n");
    private static final Pattern DATABASE = Pattern.compile("jdbc:[a-z]+:(?://[^/]*/)?([^/?;]+)");
    private static final int WIDTH = 116;
    private static final String STORE = "  ";
    private static final String KEY = "    ";
    private static final String ENTRY = "      ";

    private final Start start;
    private final List<FoundTable> tables;
    private final DataMap map;
    private final List<String> refusals;
    private final List<String> indexes;
    private final StringBuilder text = new StringBuilder();

    MapYaml(Start start, List<FoundTable> tables, DataMap map, List<String> refusals, List<String> indexes) {
        this.start = start;
        this.tables = tables;
        this.map = map;
        this.refusals = refusals;
        this.indexes = indexes;
    }

    /** A name or text as YAML spells it. */
    static String quoted(String text) {
        return PLAIN.matcher(text).matches() && !RESERVED.contains(text.toLowerCase(Locale.ROOT))
                ? text
                : JsonText.of(text);
    }

    /** A rule as YAML spells it. */
    static String rule(String table, String subject, String more) {
        return "%s: { subject: { %s }%s }".formatted(quoted(table), subject, more);
    }

    /** @param others the tables that there are besides */
    String text(List<String> others) {
        prose(
                "",
                "Drafted by 'lethe map' from %s.%s, which holds the %s. A draft: read every line, and decide where it says"
                                .formatted(start.table(), start.column(), start.identifier())
                        + " \"decide\". Then run 'lethe check' on it until nothing stands in the way.");
        line("", "stores:");
        line(STORE, storeName() + ":");
        start.yaml().lines().forEach(line -> line(KEY, line));
        if (!indexes.isEmpty()) {
            comment(KEY, "");
            comment(KEY, "Without these indexes, every batch reads whole tables:");
            indexes.forEach(index -> comment(KEY, "  " + index + ";"));
        }
        if (!refusals.isEmpty()) {
            comment(KEY, "");
            comment(KEY, "What 'lethe check' refuses until it is settled:");
            refusals.forEach(refusal -> prose(KEY, "  decide: " + refusal));
        }
        line(KEY, "tables:");
        with(Standing.START).forEach(this::entry);
        section(
                "Reached from there by foreign keys, and deleted with the rows that they refer to; no entry is needed:",
                with(Standing.REACHED));
        section("Not reached, and with columns that look personal:", with(Standing.OUTSIDE));
        if (!others.isEmpty()) {
            comment(ENTRY, "");
            prose(
                    ENTRY,
                    "Neither reached nor with columns that look personal; is any of them about people all the same? "
                            + String.join(", ", others));
        }
        outliving();
        return text.toString();
    }

    private void outliving() {
        List<FoundTable> outliving = with(Standing.OUTLIVES);
        if (outliving.isEmpty()) {
            return;
        }
        if (!map.uncovered().isEmpty()) {
            line(KEY, "uncovered:");
        } else {
            comment(KEY, "uncovered:");
        }
        for (FoundTable table : outliving) {
            prose(ENTRY, table.table() + ": " + table.why());
            facts(table);
            if (map.uncovered().containsKey(table.table())) {
                line(
                        ENTRY,
                        quoted(table.table()) + ": " + quoted(map.uncovered().get(table.table())));
            } else {
                comment(ENTRY, quoted(table.table()) + ": \"decide: why may it stay?\"");
            }
        }
    }

    private void section(String heading, List<FoundTable> found) {
        if (!found.isEmpty()) {
            comment(ENTRY, "");
            comment(ENTRY, heading);
            found.forEach(this::entry);
        }
    }

    private void entry(FoundTable table) {
        comment(ENTRY, "");
        String action = table.standing() == Standing.OUTSIDE ? "" : "delete; ";
        prose(ENTRY, table.table() + ": " + action + table.why());
        facts(table);
        Rule rule = map.tables().get(table.table());
        if (rule != null) {
            String detached = rule.detached().isEmpty()
                    ? ""
                    : ", detach: ["
                            + rule.detached().stream().map(MapYaml::quoted).collect(joining(", ")) + "]";
            String subject = rule.subject().stream()
                    .map(column -> quoted(column.column()) + ": " + quoted(column.identifier()))
                    .collect(joining(", "));
            line(ENTRY, rule(table.table(), subject, detached));
        }
    }

    private void facts(FoundTable table) {
        if (table.rows() > 0) {
            comment(ENTRY, String.format(Locale.ROOT, "  about %,d rows", table.rows()));
        }
        if (!table.personal().isEmpty()) {
            prose(
                    ENTRY,
                    "  looks personal: "
                            + table.personal().entrySet().stream()
                                    .map(MapYaml::personal)
                                    .collect(joining(", ")));
        }
        boolean rule = false;
        for (String decision : table.decisions()) {
            if (rule) {
                comment(ENTRY, "    " + decision);
            } else {
                prose(ENTRY, "  decide: " + decision);
            }
            rule = decision.endsWith(":");
        }
    }

    private static String personal(Map.Entry<String, String> column) {
        return column.getKey() + " (" + column.getValue() + ")";
    }

    private List<FoundTable> with(Standing standing) {
        return tables.stream().filter(table -> table.standing() == standing).toList();
    }

    /** As the database is called, as far as a store may be. */
    private String storeName() {
        Matcher database = DATABASE.matcher(start.url());
        String name = database.find()
                ? Objects.requireNonNull(database.group(1))
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9._-]", "-")
                : "";
        return quoted(name.matches("[a-z0-9].{0,62}") ? name : "database");
    }

    /** A comment in lines of a readable length; those after the first are further in. */
    private void prose(String indent, String words) {
        String lead = " ".repeat(words.length() - words.stripLeading().length());
        String further = lead + "  ";
        String lines = WordUtils.wrap(
                Table.printable(words.strip()), WIDTH - indent.length() - further.length(), "\n" + further, false);
        (lead + lines).lines().forEach(line -> comment(indent, line));
    }

    private void comment(String indent, String words) {
        line(indent, words.isEmpty() ? "#" : "# " + Table.printable(words));
    }

    private void line(String indent, String content) {
        text.append(indent).append(content).append('\n');
    }
}
