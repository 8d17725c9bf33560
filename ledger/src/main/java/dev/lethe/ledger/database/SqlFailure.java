package dev.lethe.ledger.database;

import java.sql.SQLException;

/** What of a failure can be told: its class and the database's code. A driver's message repeats what was written. */
final class SqlFailure {
    private SqlFailure() {}

    static String of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return "SQLState " + sql.getSQLState();
            }
        }
        return failure.getClass().getSimpleName();
    }
}
