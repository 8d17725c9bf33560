package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.joining;

import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.ForeignKey;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import dev.lethe.worker.store.jdbc.Dialect.Fragment;
import dev.lethe.worker.store.jdbc.ErasurePlan.Component;
import dev.lethe.worker.store.jdbc.ErasurePlan.Link;
import dev.lethe.worker.store.jdbc.ErasurePlan.Target;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import org.jdbi.v3.core.statement.Query;

/** Counts what there is, by grouped counts from the tables with identifiers down; no statement is one that erases. */
final class ReadBack {
    private static final TimeZone UTC = TimeZone.getTimeZone(ZoneOffset.UTC);

    private final ErasurePlan plan;
    private final Rows rows;
    private final Dialect dialect;
    private final Conditions conditions;
    private final Owners owners;
    private final Tally tally;

    ReadBack(ErasurePlan plan, Rows rows, Dialect dialect, Conditions conditions, Owners owners, Tally tally) {
        this.plan = plan;
        this.rows = rows;
        this.dialect = dialect;
        this.conditions = conditions;
        this.owners = owners;
        this.tally = tally;
    }

    /** Counts what is to go. */
    void count() {
        plan.components().reversed().forEach(this::count);
        for (Target target : plan.targets()) {
            target.detached().forEach(key -> countReferring(target, key));
        }
        countKept();
    }

    /** Counts what has to be kept. */
    void countKept() {
        for (Target target : plan.targets()) {
            target.retention()
                    .ifPresent(kept -> countByLinks(
                            target,
                            (link, part) -> conditions.kept(target, link, part),
                            ", max(%s)".formatted(kept.from().sql())));
        }
    }

    private interface Which {
        Fragment rows(Link link, List<List<String>> part);
    }

    private void count(Component component) {
        boolean inner = component.targets().getFirst().isInner();
        if (inner) {
            Set<Counted> seen = new HashSet<>();
            boolean more = true;
            while (more) {
                more = false;
                for (Target target : component.targets()) {
                    more |= countInner(target, seen);
                }
            }
        } else {
            component
                    .targets()
                    .forEach(target -> countByLinks(target, (link, part) -> conditions.undone(target, link, part), ""));
        }
    }

    private record Counted(Table table, List<String> telling, Integer owner) {}

    /** Rows that others depend on are told apart, as they can be found again on another way. */
    private boolean countInner(Target target, Set<Counted> seen) {
        boolean any = false;
        for (Link link : target.links()) {
            List<List<String>> fresh = owners.fresh(target.table(), link);
            for (List<List<String>> part : rows.parts(fresh)) {
                any = true;
                var columns = new LinkedHashSet<>(target.linkColumns());
                target.handles().forEach(columns::addAll);
                group(target, List.copyOf(columns), conditions.due(target, link, part), "", (row, count, newest) -> {
                    owners.found(target, row);
                    List<String> telling = row.tuple(target.handles().getFirst());
                    owners.of(target, row).stream()
                            .filter(owner -> seen.add(new Counted(target.table(), telling, owner)))
                            .forEach(owner -> tally.add(target.name(), owner, count));
                });
            }
        }
        return any;
    }

    /** Each row once, whatever the number of links that lead to it. */
    private void countByLinks(Target target, Which which, String newest) {
        target.links().forEach(link -> owners.fresh(target.table(), link));
        var before = new ArrayList<Fragment>();
        for (int n = 0; n < target.links().size(); n++) {
            Link link = target.links().get(n);
            List<List<String>> tuples = List.copyOf(owners.of(link).keySet());
            for (List<List<String>> part : rows.parts(tuples)) {
                Fragment condition = which.rows(link, part);
                for (Fragment earlier : before) {
                    condition = condition.and(earlier);
                }
                group(target, target.linkColumns(), condition, newest, (row, count, latest) -> {
                    for (int owner : owners.of(target, row)) {
                        if (newest.isEmpty()) {
                            tally.add(target.name(), owner, count);
                        } else {
                            tally.keep(target.name(), owner, count, latest);
                        }
                    }
                });
            }
            if (!tuples.isEmpty()) {
                Fragment among = dialect.among(link, tuples, "earlier" + n + "_");
                before.add(new Fragment("(" + among.sql() + ") IS NOT TRUE", among.binding()));
            }
        }
    }

    private void countReferring(Target parent, ForeignKey key) {
        var link = new Link.Referring(key);
        owners.fresh(key.child(), link);
        Optional<Target> child = plan.target(key.child());
        var columns = new LinkedHashSet<>(key.columns());
        child.ifPresent(target -> columns.addAll(target.linkColumns()));
        List<List<String>> tuples =
                List.copyOf(owners.of(parent.table(), key.referenced()).keySet());
        for (List<List<String>> part : rows.parts(tuples)) {
            Fragment referring = dialect.among(link, part, "referring");
            group(key.child(), List.copyOf(columns), referring, "", (row, count, newest) -> {
                if (child.filter(Target::isPlain)
                        .map(target -> owners.of(target, row))
                        .orElse(Set.of())
                        .isEmpty()) {
                    owners.of(link, row).forEach(owner -> tally.add(key.toString(), owner, count));
                }
            });
        }
    }

    private interface Group {
        void of(Row row, long count, Instant newest);
    }

    private void group(Target target, List<Column> columns, Fragment condition, String newest, Group group) {
        group(target.table(), columns, condition, newest, group);
    }

    private void group(Table table, List<Column> columns, Fragment condition, String newest, Group group) {
        Query query = rows.handle()
                .createQuery("SELECT %s, count(*)%s FROM %s WHERE %s GROUP BY %s"
                        .formatted(
                                columns.stream()
                                        .map(column -> "min(" + dialect.text(column) + ")")
                                        .collect(joining(", ")),
                                newest,
                                table.sql(),
                                condition.sql(),
                                columns.stream().map(dialect::reading).collect(joining(", "))));
        condition.binding().bind(query);
        query.scanResultSet((results, context) -> {
            try (context;
                    ResultSet result = results.get()) {
                int counted = columns.size() + 1;
                while (result.next()) {
                    Instant latest = Instant.EPOCH;
                    if (!newest.isEmpty() && result.getObject(counted + 1) != null) {
                        latest = result.getTimestamp(counted + 1, Calendar.getInstance(UTC))
                                .toInstant();
                    }
                    group.of(Row.of(columns, result), result.getLong(counted), latest);
                }
            }
            return null;
        });
    }
}
