package dev.lethe.ledger.database;

import java.sql.SQLException;

/** What of a failure can be told: what is wrong, and the database's code. A driver's message repeats what was written. */
final class SqlFailure {
    private SqlFailure() {}

    /** Goes on behind "the ledger's database". */
    static String of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return meaning(sql.getSQLState()) + " (SQLSTATE " + sql.getSQLState() + ")";
            }
        }
        return "does not answer: check database.url, the network, the server ("
                + failure.getClass().getSimpleName() + ")";
    }

    /** By class: PostgreSQL, appendix A. */
    private static String meaning(String state) {
        if (state.equals("42501")) {
            return "refuses this user, who must be able to make tables in it";
        }
        return switch (state.substring(0, 2)) {
            case "08", "57" -> "does not answer: check database.url, the network, the server";
            case "25" -> "takes no changes: check that database.url leads to the primary";
            case "28" -> "refuses the login: check database.username and database.password";
            case "3D" -> "does not exist: check database.url, or create it empty";
            case "3F", "42" -> "is not as the ledger made it: drop it, and create it empty";
            case "53", "54", "58" -> "is short of disk, memory or connections: see its server's log";
            default -> "refuses: see its server's log";
        };
    }
}
