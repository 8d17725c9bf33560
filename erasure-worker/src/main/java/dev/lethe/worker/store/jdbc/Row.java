package dev.lethe.worker.store.jdbc;

import dev.lethe.worker.store.jdbc.Catalogue.Column;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some columns of one row, as text. Its values are personal. */
record Row(List<Column> columns, @Nullable String[] values) {
    /** The row that a result is at, whose first columns are these. */
    static Row of(List<Column> columns, ResultSet result) throws SQLException {
        var values = new String[columns.size()];
        for (int n = 0; n < values.length; n++) {
            values[n] = result.getString(n + 1);
        }
        return new Row(columns, values);
    }

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
