package dev.lethe.worker.store.jdbc;

import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import dev.lethe.worker.store.jdbc.Catalogue.UniqueKey;
import dev.lethe.worker.store.jdbc.ErasurePlan.Assignment;
import dev.lethe.worker.store.jdbc.ErasurePlan.Link;
import dev.lethe.worker.store.jdbc.ErasurePlan.Target;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.temporal.ChronoField;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Whether the columns of an anonymized row can become what they are said to become. */
final class AnonymizationReview {
    private final Target target;
    private final Table table;
    private final Collection<String> obstacles;

    AnonymizationReview(Target target, Collection<String> obstacles) {
        this.target = target;
        this.table = target.table();
        this.obstacles = obstacles;
    }

    void review() {
        target.set().forEach(this::review);
        table.uniqueKeys().forEach(this::review);
        if (!isTold()) {
            obstacles.add(
                    "nothing tells an anonymized row of %s from others: set a column to a text or to".formatted(table)
                            + " \"deleted-{subjectKey}\" too");
        }
    }

    private void review(Assignment assignment) {
        Column column = assignment.column();
        Replacement value = assignment.value();
        if (column.generated()) {
            obstacles.add("%s.%s can't be set: the database computes it".formatted(table, column.name()));
        }
        if (value.isNull() && !column.nullable()) {
            obstacles.add("%s.%s can't become null: it is NOT NULL".formatted(table, column.name()));
        }
        if (column.length().isPresent() && value.length() > column.length().getAsInt()) {
            obstacles.add("%s.%s holds %d characters, and would become %d"
                    .formatted(table, column.name(), column.length().getAsInt(), value.length()));
        }
        if (!value.isNull() && !fits(column, value)) {
            obstacles.add(
                    "%s.%s can't take the new value: it is of type %s".formatted(table, column.name(), column.type()));
        }
    }

    /** Of types that the database knows better, it is asked. */
    private static boolean fits(Column column, Replacement value) {
        String text = value.constant().orElse("");
        try {
            return switch (column.kind()) {
                case NUMBER -> new BigDecimal(text).precision() > 0;
                case DATE -> LocalDate.parse(text).isSupported(ChronoField.DAY_OF_MONTH);
                case UUID, UUID_BYTES -> value.isRandom() || column.kind().holds(text);
                case TEXT, TIMESTAMP, BYTES, OTHER -> true;
            };
        } catch (NumberFormatException | DateTimeException e) {
            return false;
        }
    }

    /** Whether rows that become alike would be refused as duplicates. */
    private void review(UniqueKey key) {
        List<Assignment> changed = target.set().stream()
                .filter(assignment -> key.columns().contains(assignment.column()))
                .toList();
        boolean distinct = changed.stream()
                .map(Assignment::value)
                .anyMatch(value -> value.isRandom()
                        || (value.isNull() && key.nullsDistinct())
                        || value.hashes()
                        || (value.namesSubject() && isOnePerSubject()));
        boolean keptApart = changed.size() < key.columns().size()
                && table.isUniqueBy(key.columns().stream()
                        .filter(column -> changed.stream()
                                .noneMatch(assignment -> assignment.column().equals(column)))
                        .toList());
        if (!changed.isEmpty() && !distinct && !keptApart) {
            obstacles.add("%s%s is unique, and anonymized rows would be alike: use null, {uuid}, {hash}%s"
                    .formatted(table, key, isOnePerSubject() ? " or {subjectKey}" : ""));
        }
    }

    /** Whether a subject has one row at the most. */
    private boolean isOnePerSubject() {
        return target.links().size() == 1
                && target.links().getFirst() instanceof Link.Identified identified
                && table.isUniqueBy(identified.columns());
    }

    /** Whether a row that has been anonymized is not taken for one that has not. */
    private boolean isTold() {
        boolean clears = target.links().stream()
                .allMatch(link -> valueOf(link.columns())
                        .filter(value -> value.constant().isEmpty())
                        .isPresent());
        boolean marked = target.set().stream()
                .map(Assignment::value)
                .anyMatch(value -> value.isForeseeable() && !value.isNull());
        boolean onlyForeseeable =
                target.set().stream().allMatch(assignment -> assignment.value().isForeseeable());
        return clears || marked || onlyForeseeable;
    }

    private Optional<Replacement> valueOf(List<Column> columns) {
        return target.set().stream()
                .filter(assignment -> columns.contains(assignment.column()))
                .map(Assignment::value)
                .findFirst();
    }
}
