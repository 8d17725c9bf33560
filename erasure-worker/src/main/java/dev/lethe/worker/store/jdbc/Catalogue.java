package dev.lethe.worker.store.jdbc;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a database says about itself: its tables and the foreign keys between them. */
record Catalogue(List<Table> tables, List<ForeignKey> foreignKeys) {
    /** A table of the configured schema, by its exact name. */
    Optional<Table> table(String name) {
        return tables.stream()
                .filter(table -> table.local() && table.label().equals(name))
                .findFirst();
    }

    /**
     * A table.
     *
     * @param label its name as people know it: without the schema if that is the configured one
     * @param sql its name as a statement spells it, with the schema and quoted
     * @param local whether it is in the configured schema
     * @param deletable whether this connection's role may read and delete rows
     * @param filtered whether row-level security hides rows from this connection's role
     * @param columns by name
     */
    record Table(
            String label, String sql, boolean local, boolean deletable, boolean filtered, Map<String, Column> columns) {
        @Override
        public String toString() {
            return label;
        }
    }

    /**
     * A column. A domain counts as the type that it is based on.
     *
     * @param name its name
     * @param sql its name as a statement spells it
     * @param type the type as a statement spells it
     * @param kind what sort of type that is
     * @param equality the operator that compares two of the type
     * @param collation tells apart what is compared differently though of one type
     * @param indexed whether an index finds rows by this column alone
     */
    record Column(String name, String sql, String type, Kind kind, String equality, String collation, boolean indexed) {
        boolean comparesLike(Column other) {
            return type.equals(other.type) && collation.equals(other.collation);
        }
    }

    /** Which identifiers a type can hold such that no two of them become equal by accident. */
    enum Kind {
        /** Neither NUL, which no text of the database can hold, nor half a character, which the driver would make a "?". */
        TEXT("[^\\x00\\p{Cs}]+"),
        UUID("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}"),
        /** As the database itself would write it: it also reads {@code 0x10} and {@code 1_6}. */
        NUMBER("0|-?[1-9][0-9]*"),
        /** Types that round, cut or otherwise bend what is cast to them. */
        OTHER("(?!)");

        private final Pattern form;

        Kind(String form) {
            this.form = Pattern.compile(form);
        }

        boolean holds(String identifier) {
            return form.matcher(identifier).matches();
        }
    }

    /**
     * A foreign key.
     *
     * @param child the table that refers
     * @param columns the columns that refer
     * @param parent the table that is referred to
     * @param referenced its columns, as many and in the same order
     * @param operators compare a referenced column, on the left, with the column that refers to it
     * @param outlived whether a child stays when its parent goes: {@code ON DELETE SET NULL} or {@code SET DEFAULT}
     */
    record ForeignKey(
            Table child,
            List<Column> columns,
            Table parent,
            List<Column> referenced,
            List<String> operators,
            boolean outlived) {
        /** The referring side, such as {@code orders.customer_id} or {@code lines.(region, number)}. */
        @Override
        public String toString() {
            String names = String.join(", ", columns.stream().map(Column::name).toList());
            return child + "." + (columns.size() == 1 ? names : "(" + names + ")");
        }
    }
}
