package dev.lethe.worker.store.jdbc;

import dev.lethe.worker.store.jdbc.Catalogue.Column;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some columns of one row, as text. Its values are personal. */
record Row(List<Column> columns, @Nullable String[] values) {
    /** The values of these columns, null included. */
    List<String> tuple(List<Column> some) {
        var tuple = new ArrayList<String>(some.size());
        for (Column column : some) {
            tuple.add(values[columns.indexOf(column)]);
        }
        return tuple;
    }

    @Override
    public String toString() {
        return "Row[redacted]";
    }
}
