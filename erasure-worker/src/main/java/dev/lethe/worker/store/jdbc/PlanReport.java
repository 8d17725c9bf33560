package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.joining;

import dev.lethe.events.Outcome.Action;
import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StorePlan.Reference;
import dev.lethe.worker.store.StorePlan.Step;
import dev.lethe.worker.store.jdbc.Catalogue.ForeignKey;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import dev.lethe.worker.store.jdbc.Dialect.Fragment;
import dev.lethe.worker.store.jdbc.ErasurePlan.Assignment;
import dev.lethe.worker.store.jdbc.ErasurePlan.Component;
import dev.lethe.worker.store.jdbc.ErasurePlan.Link;
import dev.lethe.worker.store.jdbc.ErasurePlan.Scan;
import dev.lethe.worker.store.jdbc.ErasurePlan.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Query;

/** A plan as people read it, once the database has been asked what it makes of each statement. */
final class PlanReport {
    private static final int MOST_WAYS = 4;

    /** As many rows as nobody minds to have read with every batch. */
    private static final long FEW_ROWS = 10_000;

    /** What PostgreSQL's planner makes of about as many, for tables without an estimate of their rows. */
    private static final double LOW_COST = 250;

    private final Handle handle;
    private final ErasurePlan plan;
    private final Dialect dialect;
    private final Rows rows;
    private final Map<String, String> uncovered;
    private final Set<String> obstacles = new LinkedHashSet<>();
    private final List<String> slow = new ArrayList<>();
    private final List<String> delays = new ArrayList<>();

    PlanReport(Handle handle, ErasurePlan plan, Dialect dialect, DataMap map, Instant now) {
        this.handle = handle;
        this.plan = plan;
        this.dialect = dialect;
        this.rows =
                new Rows(handle, dialect, new Conditions(dialect, now, map.hashKey(), link -> Map.of(), subject -> ""));
        this.uncovered = map.uncovered();
        obstacles.addAll(plan.obstacles());
    }

    StorePlan published() {
        var steps = new ArrayList<Step>();
        plan.statements().forEach((name, custom) -> {
            accepts("statements." + name + ".erase", binding(custom.erase(), custom.identifier()));
            accepts("statements." + name + ".count", binding(custom.count(), custom.identifier()));
            steps.add(new Step(
                    name,
                    Action.DELETE,
                    "a statement of its own, by " + custom.identifier(),
                    List.of(custom.erase()),
                    List.of(new Reference(custom.identifier(), "statement"))));
        });
        for (Component component : plan.components()) {
            for (Target target : component.targets()) {
                target.detached().forEach(key -> steps.add(detached(key)));
                steps.add(step(target, component));
            }
        }
        plan.scans().forEach(this::warn);
        List<String> warnings =
                Stream.concat(slow.stream(), plan.warnings().stream()).toList();
        return new StorePlan(steps, List.copyOf(obstacles), warnings, delays, uncovered);
    }

    private void warn(Scan scan) {
        long rows = scan.table().rows();
        OptionalDouble cost = cost(scan);
        var size = new ArrayList<String>();
        if (rows > 0) {
            size.add(String.format(Locale.ROOT, "about %,d rows", rows));
        }
        cost.ifPresent(units -> size.add(String.format(Locale.ROOT, "planner cost %.1f", units)));
        String warning = "every batch reads all of %s%s for want of an index: %s"
                .formatted(scan.table(), size.isEmpty() ? "" : " (" + String.join(", ", size) + ")", scan.remedy());
        slow.add(warning);
        if (rows < 0 ? cost.isEmpty() || cost.getAsDouble() > LOW_COST : rows > FEW_ROWS) {
            delays.add(warning);
        }
    }

    /** What can't be looked up at all is an obstacle already. */
    private OptionalDouble cost(Scan scan) {
        List<List<String>> none = dialect.noTuples(scan.link().columns().size());
        var costs = new ArrayList<OptionalDouble>();
        trying(
                () -> costs.add(dialect.cost(handle, scan.table(), dialect.among(scan.link(), none, "any"))),
                error -> costs.add(OptionalDouble.empty()));
        return costs.getFirst();
    }

    private Step detached(ForeignKey key) {
        Fragment statement = rows.detaching(key, dialect.noTuples(key.columns().size()));
        accepts(key.toString(), statement);
        return new Step(
                key.toString(),
                Action.ANONYMIZE,
                "%s → %s, taken away".formatted(key, key.parent()),
                List.of(statement.sql()),
                List.of(new Reference(key.parent().label(), names(key))));
    }

    private Step step(Target target, Component component) {
        var statements = new ArrayList<Fragment>();
        component.nulled().stream()
                .filter(key -> key.child().equals(target.table()))
                .forEach(key -> statements.add(rows.releasing(
                        key,
                        target.handles().getFirst(),
                        dialect.noTuples(target.handles().getFirst().size()))));
        for (Link link : target.links()) {
            List<List<String>> none = dialect.noTuples(link.columns().size());
            if (!target.isInner()) {
                statements.add(rows.changing(target, link, none));
            } else if (!target.isGiven()) {
                statements.add(rows.finding(target, link, none, Integer.MAX_VALUE));
            }
        }
        if (target.isInner()) {
            statements.add(rows.deletingFound(
                    target, dialect.noTuples(target.handles().getFirst().size())));
        }
        statements.forEach(statement -> accepts(target.name(), statement));
        target.set().forEach(assignment -> accepts(target, assignment));
        return new Step(
                target.name(),
                target.action(),
                path(target),
                statements.stream().map(Fragment::sql).toList(),
                target.links().stream().map(PlanReport::reference).toList());
    }

    /** Has the database plan a statement; what it refuses is an obstacle. */
    private void accepts(String name, Fragment statement) {
        asking(name, "does not accept what the map makes of it; see 'lethe check --sql'", () -> {
            Query explain = handle.createQuery("EXPLAIN " + statement.sql());
            statement.binding().bind(explain);
            explain.mapToMap().list();
        });
    }

    /** Has the database read a constant as a value of the column. */
    private void accepts(Target target, Assignment assignment) {
        assignment
                .value()
                .constant()
                .ifPresent(text -> asking(
                        target.name(),
                        "can't take the new value of %s, of type %s"
                                .formatted(
                                        assignment.column().name(),
                                        assignment.column().type()),
                        () -> handle.createQuery("SELECT " + dialect.as(assignment.column(), ":text"))
                                .bind("text", text)
                                .mapToMap()
                                .list()));
    }

    private void asking(String name, String problem, Runnable question) {
        trying(
                question,
                error -> obstacles.add("%s: the database %s (SQLSTATE %s)".formatted(name, problem, error.state())));
    }

    private void trying(Runnable question, Consumer<SqlError> refused) {
        handle.savepoint("asking");
        try {
            question.run();
            handle.releaseSavepoint("asking");
        } catch (JdbiException e) {
            SqlError error = SqlError.of(e);
            if (error.isAboutStatement()) {
                refused.accept(error);
                handle.rollbackToSavepoint("asking");
            } else {
                throw e;
            }
        }
    }

    private static Fragment binding(String sql, String identifier) {
        return new Fragment(sql, statement -> statement.bind(identifier, (String) null));
    }

    /** The ways on which a row is found, the first few of them. */
    private String path(Target target) {
        List<String> ways = ways(target, new HashSet<>()).stream().distinct().toList();
        String path = ways.stream().limit(MOST_WAYS).collect(joining(" or "));
        if (ways.size() > MOST_WAYS) {
            path += " or %d more".formatted(ways.size() - MOST_WAYS);
        }
        if (target.where().isPresent()) {
            path += ", where " + target.where().get();
        }
        return target.retention()
                .map(kept -> ", kept for %s from %s (%s)"
                        .formatted(
                                kept.retention().period(),
                                kept.from().name(),
                                kept.retention().basis()))
                .map(path::concat)
                .orElse(path);
    }

    private List<String> ways(Target target, Set<Table> trail) {
        if (!trail.add(target.table())) {
            return List.of();
        }
        var ways = new ArrayList<String>();
        for (Link link : target.links()) {
            switch (link) {
                case Link.Identified identified -> ways.add(identified.toString());
                case Link.Referring referring -> ways.addAll(waysOver(referring.key(), trail));
            }
        }
        trail.remove(target.table());
        return ways;
    }

    private List<String> waysOver(ForeignKey key, Set<Table> trail) {
        Optional<Target> parent = plan.target(key.parent());
        if (parent.filter(Target::isGiven).isPresent()
                && parent.get().links().getFirst() instanceof Link.Identified identified) {
            return List.of(key + " = " + identified.identifier());
        }
        return parent.map(target -> ways(target, trail)).orElse(List.of()).stream()
                .map(way -> key + " → " + way)
                .toList();
    }

    private static Reference reference(Link link) {
        return switch (link) {
            case Link.Identified identified ->
                new Reference(identified.identifier(), identified.column().name());
            case Link.Referring referring ->
                new Reference(referring.key().parent().label(), names(referring.key()));
        };
    }

    private static String names(ForeignKey key) {
        return key.columns().stream().map(Catalogue.Column::name).collect(joining(", "));
    }
}
