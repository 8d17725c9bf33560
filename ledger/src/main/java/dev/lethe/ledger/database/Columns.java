package dev.lethe.ledger.database;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Many rows for one statement: an array of texts for each column, which the statement casts to what they are. */
final class Columns {
    private final int width;
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    Columns(int width) {
        this.width = width;
    }

    /** Adds a row. What is no text is written as {@code toString} says, but for bytes. */
    void add(@Nullable Object... values) {
        if (values.length != width) {
            throw new IllegalArgumentException("a row has " + width + " columns");
        }
        rows.add(values);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** @param sql with as many question marks as there are columns; each is a text[] */
    int execute(Connection connection, String sql) throws SQLException {
        if (rows.isEmpty()) {
            return 0;
        }
        var arrays = new ArrayList<Array>(width);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int column = 0; column < width; column++) {
                Array array = connection.createArrayOf("text", column(column));
                arrays.add(array);
                statement.setArray(column + 1, array);
            }
            return statement.executeUpdate();
        } finally {
            for (Array array : arrays) {
                array.free();
            }
        }
    }

    private @Nullable Object[] column(int column) {
        var values = new @Nullable Object[rows.size()];
        for (int row = 0; row < values.length; row++) {
            values[row] = text(rows.get(row)[column]);
        }
        return values;
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        return value instanceof byte[] bytes ? "\\x" + HexFormat.of().formatHex(bytes) : value.toString();
    }
}
