package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.joining;

import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.ForeignKey;
import dev.lethe.worker.store.jdbc.Catalogue.Kind;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A table that looks as if the law wanted it kept. */
record Bookkeeping(Table table) {
    private static final Set<String> WORDS = Set.of(
            "invoice",
            "invoices",
            "payment",
            "payments",
            "receipt",
            "receipts",
            "refund",
            "refunds",
            "billing",
            "bill",
            "bills",
            "ledger",
            "accounting",
            "payout",
            "payouts",
            "tax",
            "taxes",
            "creditnote",
            "creditnotes");
    private static final Set<String> BEGINNINGS = Set.of("issued", "invoiced", "paid", "booked", "created", "date");

    static Optional<Bookkeeping> of(Table table) {
        return PersonalColumns.words(table.label()).stream().anyMatch(WORDS::contains)
                ? Optional.of(new Bookkeeping(table))
                : Optional.empty();
    }

    /** What a rule says that keeps the rows for a while. */
    String retention() {
        return ", retain: { basis: \"tax law\", for: P10Y, from: %s }"
                .formatted(MapYaml.quoted(from().map(Column::name).orElse("COLUMN")));
    }

    private Optional<Column> from() {
        List<Column> dates = table.columns().values().stream()
                .filter(column -> column.kind() == Kind.DATE || column.kind() == Kind.TIMESTAMP)
                .toList();
        return dates.stream()
                .filter(column -> PersonalColumns.words(column.name()).stream().anyMatch(BEGINNINGS::contains))
                .findFirst()
                .or(() -> dates.stream().findFirst());
    }

    /**
     * What to decide on where its rows go along with others.
     *
     * @param whose its column with an identifier, if there is one
     * @param identifier which identifier that is
     * @param keys what its rows refer to and would go along with
     * @param personal its columns that look personal
     */
    List<String> decisions(
            Optional<Column> whose, String identifier, List<ForeignKey> keys, Map<String, String> personal) {
        String looks = "it looks like bookkeeping, which may have to be kept; it is deleted unless you say otherwise";
        if (whose.isEmpty()) {
            return List.of(looks
                    + ". No column of its own holds an identifier, so that takes one, or a statement of your own");
        }
        String needed = keys.stream()
                .filter(key -> !key.isNullable())
                .map(key -> key + " can't be null")
                .collect(joining(", "));
        if (!needed.isEmpty()) {
            return List.of(looks + ". It can stay only as long as the rows that it refers to (" + needed
                    + "): then anonymize or retain these, too");
        }
        return List.of(
                looks + ", such as:",
                MapYaml.rule(
                        table.label(),
                        MapYaml.quoted(whose.get().name()) + ": " + MapYaml.quoted(identifier),
                        ", action: anonymize, set: { " + changes(keys, personal) + " }"));
    }

    private Optional<String> replacement(Column column) {
        if (column.nullable()) {
            return Optional.of("null");
        }
        if (column.kind() != Kind.TEXT) {
            return Optional.empty();
        }
        boolean unique =
                table.uniqueKeys().stream().anyMatch(key -> key.columns().contains(column));
        return Optional.of(unique ? "\"deleted-{subjectKey}\"" : "\"erased\"");
    }

    private String changes(List<ForeignKey> keys, Map<String, String> personal) {
        var changes = new LinkedHashMap<String, String>();
        keys.forEach(key -> key.columns().stream()
                .filter(column -> column.nullable() && !column.generated())
                .forEach(column -> changes.put(column.name(), "null")));
        personal.keySet().forEach(name -> {
            Column column = table.columns().get(name);
            if (column != null && !column.generated()) {
                replacement(column).ifPresent(value -> changes.putIfAbsent(name, value));
            }
        });
        return changes.entrySet().stream()
                .map(change -> MapYaml.quoted(change.getKey()) + ": " + change.getValue())
                .collect(joining(", "));
    }
}
