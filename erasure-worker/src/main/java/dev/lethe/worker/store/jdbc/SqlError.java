package dev.lethe.worker.store.jdbc;

import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StoreUnavailableException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What went wrong in the database, as far as it may be told: a message of the server or the driver repeats values, an
 * SQLSTATE and the name of a constraint do not.
 *
 * @param state the SQLSTATE (PostgreSQL, appendix A), of other databases the like; empty if the error is without one
 * @param constraint the violated constraint, empty if there is none
 */
record SqlError(String state, String constraint) {
    private static final String NO_SQL_ERROR = "none";

    static SqlError of(Throwable thrown) {
        String unsaid = NO_SQL_ERROR;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                if (sql.getSQLState() != null) {
                    return new SqlError(stateOf(sql), constraintOf(sql));
                }
                unsaid = "";
            }
        }
        return new SqlError(unsaid, "");
    }

    /** MariaDB and MySQL have one state for much: their own numbers (Server Error Message Reference) say more. */
    private static String stateOf(SQLException sql) {
        String state = sql.getSQLState();
        if (sql instanceof PSQLException) {
            return state;
        }
        return switch (sql.getErrorCode()) {
            case 1205 -> "55P03";
            case 1213 -> "40P01";
            case 1216, 1217, 1451, 1452 -> "23503";
            case 1969, 3024 -> "57014";
            case 1290, 1792, 1836 -> "25006";
            case 1044, 1142, 1143 -> "42501";
            case 1049 -> "3D000";
            case 1021, 1040, 1041, 1114, 1203, 1226 -> "53000";
            default -> state.equals("45000") ? "P0001" : state;
        };
    }

    private static String constraintOf(SQLException sql) {
        ServerErrorMessage message = sql instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        @Nullable String constraint = message == null ? null : message.getConstraint();
        return constraint == null ? "" : constraint;
    }

    /** Whether it may well work when tried again at once: others were at the same rows. */
    boolean isConflict() {
        return switch (state) {
            case "40001", "40P01", "23503" -> true;
            default -> false;
        };
    }

    /** Whether the statement is at fault, or what it is about, and not the connection. */
    boolean isAboutStatement() {
        return state.startsWith("42") || state.startsWith("22") || state.startsWith("0A");
    }

    /** Whether the database's structure may be another than the catalogue said. */
    boolean doubtsCatalogue() {
        return state.startsWith("42") || state.equals("23503");
    }

    /** Whether other connections, opened before, may be as dead as this one. */
    boolean breaksConnections() {
        return state.startsWith("08") || state.startsWith("57P");
    }

    /**
     * The refusal of a batch.
     *
     * @throws StoreUnavailableException if it is not the batch that is refused but the store that can't work
     */
    StoreFailureException refusal() throws StoreUnavailableException {
        return switch (state) {
            case "55P03" -> throw unavailable("LOCKED", "is locked by the application for longer than lockTimeout");
            case "3D000" -> throw unavailable("MISCONFIGURED", "does not exist: check the url");
            case "57014" -> new StoreFailureException("TIMEOUT");
            case "P0001" -> new StoreFailureException("RAISED");
            default -> byClass();
        };
    }

    private StoreFailureException byClass() throws StoreUnavailableException {
        return switch (state.isEmpty() ? "" : state.substring(0, 2)) {
            // The pool's own errors are without a state.
            case "", "08", "57" ->
                throw unavailable("UNREACHABLE", "can't be reached: check the url, the network, the server");
            case "25" -> throw unavailable("UNREACHABLE", "takes no changes: check that the url leads to the primary");
            case "28" -> throw unavailable("UNAUTHENTICATED", "refuses the login: check username and password");
            case "53", "54", "58" ->
                throw unavailable("OVERLOADED", "is short of memory, disk or connections: see the server's log");
            case "26" ->
                throw unavailable(
                        "MISCONFIGURED",
                        "forgets prepared statements: behind a pooler add prepareThreshold=0 to the url");
            case "3F", "42" ->
                throw unavailable(
                        "MISCONFIGURED",
                        "has another structure than expected, or lacks a privilege: run the plan again");
            case "22" -> new StoreFailureException("INVALID_VALUE");
            case "23" -> new StoreFailureException("CONSTRAINT");
            case "40" -> new StoreFailureException("CONFLICT");
            default -> new StoreFailureException("REFUSED");
        };
    }

    private StoreUnavailableException unavailable(String code, String message) {
        return new StoreUnavailableException(
                code, "the database " + message + (state.isEmpty() ? "" : " (SQLSTATE " + state + ")"));
    }
}
