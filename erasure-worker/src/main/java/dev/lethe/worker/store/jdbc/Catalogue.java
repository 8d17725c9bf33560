package dev.lethe.worker.store.jdbc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a database says about itself: its tables and the foreign keys between them.
 *
 * @param schema where tables are that are named without one
 */
record Catalogue(String schema, List<Table> tables, List<ForeignKey> foreignKeys) {
    /** A table by its label. */
    Optional<Table> table(String label) {
        return tables.stream().filter(table -> table.label().equals(label)).findFirst();
    }

    /** What may be done to the rows of a table. */
    enum Privilege {
        SELECT,
        UPDATE,
        DELETE
    }

    /** What sort of relation it is. */
    enum Relation {
        TABLE,
        /** A part of a table; its rows are reached through the table. */
        PARTITION,
        VIEW,
        MATERIALIZED_VIEW,
        FOREIGN_TABLE
    }

    /**
     * A table, or what looks like one.
     *
     * @param label its name as people know it: without the schema if that is the configured one
     * @param sql its name as a statement spells it, with the schema and quoted
     * @param relation what it is
     * @param rows how many rows it has, by the database's own estimate; below 0 where it has none
     * @param privileges what this connection's role may do
     * @param filtered whether row-level security hides rows from this connection's role
     * @param columns by name
     * @param uniqueKeys the primary key first, if there is one
     */
    record Table(
            String label,
            String sql,
            Relation relation,
            long rows,
            Set<Privilege> privileges,
            boolean filtered,
            Map<String, Column> columns,
            List<UniqueKey> uniqueKeys) {
        Table(String label, String sql, Relation relation, long rows, Set<Privilege> privileges, boolean filtered) {
            this(label, sql, relation, rows, privileges, filtered, new LinkedHashMap<>(), new ArrayList<>());
        }

        Optional<UniqueKey> primaryKey() {
            return uniqueKeys.stream().filter(UniqueKey::primary).findFirst();
        }

        /** Whether a row is told from all others by these columns. */
        boolean isUniqueBy(List<Column> some) {
            return uniqueKeys.stream().anyMatch(key -> some.containsAll(key.columns()));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Table table && sql.equals(table.sql);
        }

        @Override
        public int hashCode() {
            return sql.hashCode();
        }

        @Override
        public String toString() {
            return label;
        }
    }

    /**
     * Columns that no two rows share.
     *
     * @param nullsDistinct whether rows with a null in one of them may share the rest
     */
    record UniqueKey(List<Column> columns, boolean primary, boolean nullsDistinct) {
        @Override
        public String toString() {
            return "(" + String.join(", ", columns.stream().map(Column::name).toList()) + ")";
        }
    }

    /**
     * A column. A domain counts as the type that it is based on.
     *
     * @param name its name
     * @param sql its name as a statement spells it
     * @param type the type as a statement spells it, without a length
     * @param kind what sort of type that is
     * @param equality the operator that compares two of the type
     * @param collation tells apart what is compared differently though of one type
     * @param exact whether equal values always read the same
     * @param nullable whether it may be null
     * @param generated whether the database computes it
     * @param length the most characters it holds, if that is limited
     * @param indexed whether an index finds rows by this column alone
     * @param indexedIgnoringCase whether an index finds rows by its value in lower case
     */
    record Column(
            String name,
            String sql,
            String type,
            Kind kind,
            String equality,
            String collation,
            boolean exact,
            boolean nullable,
            boolean generated,
            OptionalInt length,
            boolean indexed,
            boolean indexedIgnoringCase) {
        /** Whether the two compare alike, so that a value of one can stand for a value of the other. */
        boolean comparesLike(Column other) {
            return type.equals(other.type) && collation.equals(other.collation) && exact == other.exact;
        }
    }

    /** Which identifiers a type can hold such that no two of them become equal by accident, and how they read. */
    enum Kind {
        /** Neither NUL, which not every database can hold, nor half a character, which drivers make a "?". */
        TEXT("[^\\x00\\p{Cs}]+"),
        UUID("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}") {
            @Override
            String canonical(String identifier) {
                return identifier.toLowerCase(Locale.ROOT);
            }
        },
        /** The sixteen bytes of a UUID, which read as 32 hexadecimal digits. */
        UUID_BYTES("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}") {
            @Override
            String canonical(String identifier) {
                return identifier.replace("-", "").toLowerCase(Locale.ROOT);
            }
        },
        /** As the database itself would write it: it also reads {@code 0x10} and {@code 1_6}. */
        NUMBER("0|-?[1-9][0-9]*"),
        /** Bytes, which read as hexadecimal digits. Fit for keys, not for identifiers. */
        BYTES("(?!)"),
        DATE("(?!)"),
        TIMESTAMP("(?!)"),
        /** Types that round, cut or otherwise bend what is cast to them. */
        OTHER("(?!)");

        private final Pattern form;

        Kind(String form) {
            this.form = Pattern.compile(form);
        }

        boolean holds(String identifier) {
            return form.matcher(identifier).matches();
        }

        boolean isIdentifying() {
            return switch (this) {
                case TEXT, UUID, UUID_BYTES, NUMBER -> true;
                case BYTES, DATE, TIMESTAMP, OTHER -> false;
            };
        }

        /** The identifier as the database will write it. */
        String canonical(String identifier) {
            return identifier;
        }
    }

    /** What becomes of a child when its parent goes. */
    enum OnDelete {
        /** The parent can't go: {@code NO ACTION}, {@code RESTRICT}. */
        REFUSE,
        CASCADE,
        SET_NULL,
        SET_DEFAULT
    }

    /**
     * A foreign key.
     *
     * @param name the constraint's name, as a statement spells it, with the schema
     * @param child the table that refers
     * @param columns the columns that refer
     * @param parent the table that is referred to
     * @param referenced its columns, as many and in the same order
     * @param onDelete what becomes of a child when its parent goes
     * @param deferrable whether the database can be told to check it at the end of the transaction
     */
    record ForeignKey(
            String name,
            Table child,
            List<Column> columns,
            Table parent,
            List<Column> referenced,
            OnDelete onDelete,
            boolean deferrable) {
        /** Whether a child stays when its parent goes. */
        boolean isOutlived() {
            return onDelete == OnDelete.SET_NULL || onDelete == OnDelete.SET_DEFAULT;
        }

        /** Whether the reference can be taken away by itself. */
        boolean isNullable() {
            return columns.stream().anyMatch(column -> column.nullable() && !column.generated());
        }

        /** The referring side, such as {@code orders.customer_id} or {@code lines.(region, number)}. */
        @Override
        public String toString() {
            String names = String.join(", ", columns.stream().map(Column::name).toList());
            return child + "." + (columns.size() == 1 ? names : "(" + names + ")");
        }
    }
}
