package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.joining;

import dev.lethe.events.Outcome.Action;
import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.ForeignKey;
import dev.lethe.worker.store.jdbc.Catalogue.OnDelete;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import dev.lethe.worker.store.jdbc.Dialect.Fragment;
import dev.lethe.worker.store.jdbc.Dialect.Match;
import dev.lethe.worker.store.jdbc.ErasurePlan.Link;
import dev.lethe.worker.store.jdbc.ErasurePlan.Target;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/** Statements on the rows of one table at a time, in one transaction. */
final class Rows {
    private final Handle handle;
    private final Dialect dialect;
    private final Conditions conditions;

    Rows(Handle handle, Dialect dialect, Conditions conditions) {
        this.handle = handle;
        this.dialect = dialect;
        this.conditions = conditions;
    }

    Handle handle() {
        return handle;
    }

    /** The tuples, as many at a time as a statement may have. */
    List<List<List<String>>> parts(List<List<String>> tuples) {
        var parts = new ArrayList<List<List<String>>>();
        for (int from = 0; from < tuples.size(); ) {
            int to = (int) Math.min(tuples.size(), (long) from + dialect.mostTuples());
            parts.add(tuples.subList(from, to));
            from = to;
        }
        return parts;
    }

    List<Match> matches(Table table, Link link, List<List<String>> tuples) {
        return dialect.matches(handle, table, link, tuples);
    }

    /** The rows that a link leads to and that are to go, with what tells whose they are and what others refer to. */
    void find(Target target, Link link, List<List<String>> tuples, long most, Consumer<Row> row) {
        read(finding(target, link, tuples, most), sought(target), row);
    }

    Fragment finding(Target target, Link link, List<List<String>> tuples, long most) {
        return select(
                target.table(), sought(target), conditions.due(target, link, tuples), " LIMIT %d".formatted(most));
    }

    private static List<Column> sought(Target target) {
        return Stream.concat(
                        target.linkColumns().stream(), target.handles().stream().flatMap(List::stream))
                .distinct()
                .toList();
    }

    /** Whether more rows than this are to go. */
    boolean isMoreThan(Target target, Link link, List<List<String>> tuples, long most) {
        Fragment undone = conditions.undone(target, link, tuples);
        Query query = handle.createQuery("SELECT 1 FROM %s WHERE %s LIMIT 1 OFFSET %d"
                .formatted(target.table().sql(), undone.sql(), most));
        undone.binding().bind(query);
        return query.mapTo(Integer.class).findOne().isPresent();
    }

    /** Deletes or anonymizes what a link leads to, and answers the columns that tell whose each row was. */
    void change(Target target, Link link, List<List<String>> tuples, Consumer<Row> row) {
        run(
                target.table(),
                target.linkColumns(),
                conditions.undone(target, link, tuples),
                changing(target, link, tuples),
                target.action() == Action.DELETE,
                row);
    }

    Fragment changing(Target target, Link link, List<List<String>> tuples) {
        Fragment undone = conditions.undone(target, link, tuples);
        return target.action() == Action.DELETE
                ? deleting(target.table(), target.linkColumns(), undone)
                : updating(target, link, tuples).where(undone);
    }

    private Fragment updating(Target target, Link link, List<List<String>> tuples) {
        return new Fragment(
                "UPDATE %s SET %s".formatted(target.table().sql(), conditions.assignments(target, link, tuples)),
                conditions.assigned(target, link, tuples));
    }

    /** Deletes or anonymizes some of what a link leads to; answers how many rows. */
    int changeSome(Target target, Link link, List<List<String>> tuples, int most) {
        Fragment change = target.action() == Action.DELETE
                ? Fragment.of("DELETE FROM " + target.table().sql())
                : updating(target, link, tuples);
        return execute(dialect.someRows(change, target.table(), conditions.undone(target, link, tuples), most));
    }

    /** Deletes rows of an inner table by what tells them apart, and answers that of each. */
    void deleteFound(Target target, List<List<String>> tuples, Consumer<Row> row) {
        List<Column> telling = target.handles().getFirst();
        run(target.table(), telling, conditions.found(target, tuples), deletingFound(target, tuples), true, row);
    }

    Fragment deletingFound(Target target, List<List<String>> tuples) {
        return deleting(target.table(), target.handles().getFirst(), conditions.found(target, tuples));
    }

    private Fragment deleting(Table table, List<Column> answered, Fragment condition) {
        Fragment delete = Fragment.of("DELETE FROM " + table.sql()).where(condition);
        return dialect.returnsDeleted()
                ? new Fragment(delete.sql() + " RETURNING " + texts(answered), delete.binding())
                : delete;
    }

    /** Takes a key away from the rows that refer to these, and answers the columns of each, as they were. */
    void detach(ForeignKey key, List<Column> answered, List<List<String>> tuples, Consumer<Row> row) {
        run(key.child(), answered, referring(key, tuples), detaching(key, tuples), false, row);
    }

    Fragment detaching(ForeignKey key, List<List<String>> tuples) {
        return taking(key).where(referring(key, tuples));
    }

    private Fragment referring(ForeignKey key, List<List<String>> tuples) {
        return dialect.among(new Link.Referring(key), tuples, "referring");
    }

    int detachSome(ForeignKey key, List<List<String>> tuples, int most) {
        return execute(dialect.someRows(taking(key), key.child(), referring(key, tuples), most));
    }

    /** Takes a key away from rows that are about to go themselves. */
    void release(ForeignKey key, List<Column> telling, List<List<String>> tuples) {
        execute(releasing(key, telling, tuples));
    }

    Fragment releasing(ForeignKey key, List<Column> telling, List<List<String>> tuples) {
        return taking(key).where(dialect.among(telling, tuples, "found"));
    }

    void deferCheck(ForeignKey key) {
        handle.execute("SET CONSTRAINTS %s DEFERRED".formatted(key.name()));
    }

    private static Fragment taking(ForeignKey key) {
        String value = key.onDelete() == OnDelete.SET_DEFAULT ? "DEFAULT" : "NULL";
        return Fragment.of("UPDATE %s SET %s"
                .formatted(
                        key.child().sql(),
                        key.columns().stream()
                                .filter(column -> column.nullable() && !column.generated())
                                .map(column -> column.sql() + " = " + value)
                                .collect(joining(", "))));
    }

    /** Changes rows and answers columns of each; reads and locks them first where the change itself does not answer. */
    private void run(
            Table table,
            List<Column> answered,
            Fragment condition,
            Fragment change,
            boolean deletes,
            Consumer<Row> row) {
        if (deletes && dialect.returnsDeleted()) {
            read(change, answered, row);
            return;
        }
        int locked = read(select(table, answered, condition, " FOR UPDATE"), answered, row);
        if (locked > 0 && execute(change) != locked) {
            throw new ConflictException();
        }
    }

    private Fragment select(Table table, List<Column> columns, Fragment condition, String end) {
        Fragment select = Fragment.of("SELECT %s FROM %s".formatted(texts(columns), table.sql()))
                .where(condition);
        return new Fragment(select.sql() + end, select.binding());
    }

    private int execute(Fragment change) {
        Update update = handle.createUpdate(change.sql());
        change.binding().bind(update);
        return update.execute();
    }

    private int read(Fragment select, List<Column> columns, Consumer<Row> row) {
        Query query = handle.createQuery(select.sql());
        select.binding().bind(query);
        return read(query, columns, row);
    }

    private static int read(Query query, List<Column> columns, Consumer<Row> row) {
        return query.scanResultSet((results, context) -> {
            int count = 0;
            try (context;
                    ResultSet result = results.get()) {
                while (result.next()) {
                    row.accept(Row.of(columns, result));
                    count++;
                }
            }
            return count;
        });
    }

    private String texts(List<Column> columns) {
        return columns.stream().map(dialect::text).collect(joining(", "));
    }

    /** Others were at the same rows between two statements. */
    static final class ConflictException extends RuntimeException {
        private static final long serialVersionUID = 1;

        ConflictException() {
            super("others changed the same rows", null, false, false);
        }
    }
}
