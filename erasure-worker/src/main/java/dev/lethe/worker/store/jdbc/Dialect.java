package dev.lethe.worker.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import dev.lethe.worker.store.jdbc.ErasurePlan.Link;
import java.util.List;
import java.util.OptionalDouble;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * What databases write differently. Rows are looked up by tuples: the values of a link's columns, as text. Every statement
 * is about one table, and its condition is a {@link Fragment} with what it binds.
 */
sealed interface Dialect permits PostgresDialect, MariaDbDialect {
    /** The dialect of a JDBC URL, whose prefix {@link JdbcStoreConfig} has checked. */
    static Dialect of(String url) {
        return url.startsWith(PostgresDialect.PREFIX) ? new PostgresDialect() : new MariaDbDialect();
    }

    /** Sets what connections have in common. */
    void configure(HikariConfig pool, JdbcStoreConfig config);

    /** Reads the structure of the whole database. Runs in a transaction that sees one state of it. */
    Catalogue catalogue(Handle handle, JdbcStoreConfig config);

    /** How many tuples one statement may have. */
    int mostTuples();

    /** Whether {@code DELETE} can answer what it deleted, by {@code RETURNING}. */
    boolean returnsDeleted();

    /** Whether an identifier is compared with a column byte by byte, whatever the column takes for equal. */
    boolean comparesBytes(Column column);

    /** Whether rows that one statement deletes may refer to each other. */
    boolean checksKeysAfterStatement();

    /**
     * The condition that a row has one of these tuples in the link's columns.
     *
     * @param name the beginning of the parameters' names, unlike those of other fragments of the statement
     */
    Fragment among(Link link, List<List<String>> tuples, String name);

    /** The condition that a row has one of these tuples in the columns themselves. */
    Fragment among(List<Column> columns, List<List<String>> tuples, String name);

    /** An expression for the one of {@code keys} that belongs to the row's tuple. */
    Fragment keyOf(Link link, List<List<String>> tuples, List<String> keys, String name);

    /** For links that are not exact: which tuples of the table's own compare equal to which of these. */
    List<Match> matches(Handle handle, Table table, Link link, List<List<String>> tuples);

    /** An expression for a column's value as text. */
    String text(Column column);

    /** An expression by which to group what reads the same, and nothing else. */
    String reading(Column column);

    /** An expression for a text as a value of the column's type. */
    String as(Column column, String text);

    /** A condition that is true where the two differ, null being a value like others. */
    String differ(String one, String other);

    /** A condition that is true where a text, not null, does not have a form. */
    String formless(String text, String parameter);

    /** Texts one after the other. */
    String concat(List<String> texts);

    /** HMAC-SHA256 of a text, hexadecimal, with the parameters {@code :innerPad} and {@code :outerPad}. */
    String hmac(String text);

    String uuid();

    /** A {@code DELETE} or {@code UPDATE} of some of the rows: no more than this. */
    Fragment someRows(Fragment change, Table table, Fragment condition, int limit);

    /** Whether the date is there and not after the parameter {@code :due}. */
    String isDue(Column from);

    /** The statement that makes an index on these columns. */
    String createIndex(Table table, List<String> columns);

    /** What a statement has to be allowed to do: the statement that allows it. */
    String grant(String privileges, Table table, String role);

    /** An expression over a column in lower case, as {@link Link.Identified#ignoringCase} looks it up. */
    String lowerCase(Column column);

    /** Tuples of so many columns that a statement can be tried with, and that no row has. */
    List<List<String>> noTuples(int columns);

    /** What the database's planner expects a lookup to cost, in units of its own; empty where it does not say. */
    OptionalDouble cost(Handle handle, Table table, Fragment condition);

    /** A part of a statement and the parameters in it. */
    record Fragment(String sql, Binding binding) {
        static Fragment of(String sql) {
            return new Fragment(sql, statement -> {});
        }

        Fragment and(Fragment other) {
            return joined(" AND ", other);
        }

        Fragment where(Fragment condition) {
            return joined(" WHERE ", condition);
        }

        private Fragment joined(String word, Fragment other) {
            return new Fragment(sql + word + other.sql, statement -> {
                binding.bind(statement);
                other.binding.bind(statement);
            });
        }
    }

    /** Binds parameters. */
    interface Binding {
        void bind(SqlStatement<?> statement);
    }

    /** A tuple of a table's own that compares equal to one that was looked for. */
    record Match(List<String> looked, List<String> own) {}
}
