package dev.lethe.worker.store.jdbc;

import dev.lethe.worker.store.jdbc.Catalogue.Column;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some columns of one row, as text. Its values are personal. */
record Row(List<Column> columns, List<@Nullable String> values) {
    /** The row that a result is at, whose first columns are these. */
    static Row of(List<Column> columns, ResultSet result) throws SQLException {
        var values = new ArrayList<@Nullable String>(columns.size());
        for (int n = 1; n <= columns.size(); n++) {
            values.add(result.getString(n));
        }
        return new Row(columns, values);
    }

    /** The values of these columns, null included. */
    List<String> tuple(List<Column> some) {
        var tuple = new ArrayList<String>(some.size());
        for (Column column : some) {
            tuple.add(values.get(columns.indexOf(column)));
        }
        return tuple;
    }

    @Override
    public String toString() {
        return "Row[redacted]";
    }
}
