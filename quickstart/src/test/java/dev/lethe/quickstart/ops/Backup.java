package dev.lethe.quickstart.ops;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/** A copy of a database's tables, taken once and restored as a dump would be: every row as it was, and no other. */
final class Backup {
    private final DataSource database;
    private final List<String> tables;

    private Backup(DataSource database, List<String> tables) {
        this.database = database;
        this.tables = tables;
    }

    /** @param tables parents first */
    static Backup of(DataSource database, List<String> tables) throws SQLException {
        var backup = new Backup(database, tables);
        backup.execute("CREATE SCHEMA backup");
        for (String table : tables) {
            backup.execute("CREATE TABLE backup.%s AS TABLE public.%s".formatted(table, table));
        }
        return backup;
    }

    void restore() throws SQLException {
        var statements = new StringBuilder("BEGIN; TRUNCATE %s;".formatted(String.join(", ", tables)));
        for (String table : tables) {
            statements.append(
                    "INSERT INTO public.%s OVERRIDING SYSTEM VALUE SELECT * FROM backup.%s;".formatted(table, table));
        }
        execute(statements.append("COMMIT").toString());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
