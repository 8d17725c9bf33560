package dev.lethe.worker.store.jdbc;

import dev.lethe.config.Secret;
import dev.lethe.config.Section;
import dev.lethe.events.Outcome.Action;
import java.nio.charset.StandardCharsets;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a database holds personal data, and what is to become of it, as the configuration says.
 *
 * @param tables by name, without the schema where it is the configured one
 * @param statements what no rule can say, by the name of its target
 * @param uncovered tables that stay as they are although they refer to a mapped one, each with the reason
 * @param hashKey the key of {@code {hash}}; there where a rule uses it
 */
record DataMap(
        Map<String, Rule> tables,
        Map<String, Custom> statements,
        Map<String, String> uncovered,
        Optional<Secret> hashKey) {
    private static final int SHORTEST_KEY = 16;
    private static final int LONGEST_KEY = 64;

    DataMap {
        tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
        statements = Collections.unmodifiableMap(new LinkedHashMap<>(statements));
        uncovered = Collections.unmodifiableMap(new LinkedHashMap<>(uncovered));
    }

    /**
     * What is done to the rows of a table that are a subject's.
     *
     * @param subject the columns that say whose a row is; any of them is enough
     * @param action what is done to a row: {@code delete} or {@code anonymize}
     * @param set what the columns of an anonymized row become
     * @param retention for how long a row has to be kept before that, if it has to be
     * @param where a condition in SQL on the table's own columns, which narrows the rule
     * @param detached columns that refer to another row and become null when that row goes, so that this one can stay
     */
    record Rule(
            List<SubjectColumn> subject,
            Action action,
            Map<String, Replacement> set,
            Optional<Retention> retention,
            Optional<String> where,
            Set<String> detached) {
        Rule {
            subject = List.copyOf(subject);
            set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
            detached = Set.copyOf(detached);
        }

        private static Rule read(Section section) {
            Action action = section.choice("action", RuleAction.DELETE).action;
            var set = new LinkedHashMap<String, Replacement>();
            Section values = section.section("set");
            for (String column : values.keys()) {
                try {
                    set.put(column, Replacement.parse(values.value(column)));
                } catch (IllegalArgumentException e) {
                    values.problem(column, String.valueOf(e.getMessage()));
                }
            }
            if (action == Action.ANONYMIZE && set.isEmpty()) {
                section.problem("set", "must say what the columns become, such as { name: \"erased\", email: null }");
            }
            if (action == Action.DELETE && !set.isEmpty()) {
                section.problem("set", "goes with action: anonymize");
            }
            List<SubjectColumn> subject = SubjectColumn.read(section.section("subject"));
            if (subject.isEmpty()) {
                section.problem("subject", "must name a column and its identifier, such as { customer_id: userId }");
            }
            return new Rule(
                    subject,
                    action,
                    set,
                    section.has("retain") ? Optional.of(Retention.read(section.section("retain"))) : Optional.empty(),
                    section.optionalText("where"),
                    Set.copyOf(section.texts("detach")));
        }
    }

    private enum RuleAction {
        DELETE(Action.DELETE),
        ANONYMIZE(Action.ANONYMIZE);

        private final Action action;

        RuleAction(Action action) {
            this.action = action;
        }
    }

    /**
     * A column that says whose a row is.
     *
     * @param column its name
     * @param identifier what it holds: {@code userId}, {@code email}, …
     * @param ignoringCase whether {@code Ada@example.org} is {@code ada@example.org}
     */
    record SubjectColumn(String column, String identifier, boolean ignoringCase) {
        private static List<SubjectColumn> read(Section section) {
            var all = new ArrayList<SubjectColumn>();
            for (String column : section.keys()) {
                if (section.isMapping(column)) {
                    Section detail = section.section(column);
                    boolean ignoringCase = detail.choice("compare", Comparison.EXACT) == Comparison.IGNORING_CASE;
                    List<String> identifiers = detail.texts("identifier");
                    if (identifiers.isEmpty()) {
                        detail.problem("identifier", "is required");
                    }
                    identifiers.forEach(identifier -> all.add(new SubjectColumn(column, identifier, ignoringCase)));
                } else {
                    List<String> identifiers = section.texts(column);
                    if (identifiers.isEmpty()) {
                        section.problem(column, "must name the identifier that the column holds, such as userId");
                    }
                    identifiers.forEach(identifier -> all.add(new SubjectColumn(column, identifier, false)));
                }
            }
            return all;
        }
    }

    private enum Comparison {
        EXACT,
        IGNORING_CASE
    }

    /**
     * Why and for how long rows are kept.
     *
     * @param basis the legal basis, in words that can be shown
     * @param period how long
     * @param from the column with the date from which that counts
     */
    record Retention(String basis, Period period, String from) {
        private static Retention read(Section section) {
            return new Retention(section.text("basis"), section.period("for"), section.text("from"));
        }
    }

    /**
     * Statements of the operator's own, run once for every value of one identifier, which is bound.
     *
     * @param identifier the identifier, {@code :userId} in the statements
     * @param erase changes rows; how many is what it reports
     * @param count answers how many there are
     */
    record Custom(String identifier, String erase, String count) {}

    static DataMap read(Section section) {
        var tables = new LinkedHashMap<String, Rule>();
        section.sectionByName("tables").forEach((name, table) -> tables.put(name, Rule.read(table)));
        var statements = new LinkedHashMap<String, Custom>();
        section.sectionByName("statements")
                .forEach((name, custom) -> CustomReader.read(custom).ifPresent(read -> statements.put(name, read)));
        Optional<Secret> hashKey = section.optionalSecret("hashKey");
        var map = new DataMap(tables, statements, section.textByName("uncovered"), hashKey);
        if (tables.isEmpty() && statements.isEmpty()) {
            section.problem("tables", "must map a table, such as { customers: { subject: { id: userId } } }");
        }
        if (hashKey.isEmpty()
                && tables.values().stream()
                        .flatMap(rule -> rule.set().values().stream())
                        .anyMatch(Replacement::hashes)) {
            section.problem("hashKey", "is required: a rule replaces values by {hash}");
        }
        hashKey.map(key -> key.reveal().getBytes(StandardCharsets.UTF_8).length)
                .filter(length -> length < SHORTEST_KEY || length > LONGEST_KEY)
                .ifPresent(length ->
                        section.problem("hashKey", "must have " + SHORTEST_KEY + " to " + LONGEST_KEY + " bytes"));
        statements.keySet().stream()
                .filter(tables::containsKey)
                .forEach(name -> section.problem("statements." + name, "has the name of a mapped table"));
        return map;
    }
}
