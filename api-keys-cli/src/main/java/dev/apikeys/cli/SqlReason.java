package dev.apikeys.cli;

import java.sql.SQLException;

/** What a failure of a driver means, by its codes; never by its text, which may quote values. */
final class SqlReason {
    private static final int MARIADB_NO_RIGHT_ON_DATABASE = 1044;
    private static final int MARIADB_NO_DATABASE = 1049;

    /** Causes may go round in a circle. */
    private static final int MAX_CAUSES = 50;

    private SqlReason() {}

    /** In brackets, behind a blank; empty when no driver failed. */
    static String of(Throwable failure) {
        SQLException told = null;
        Throwable cause = failure;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++, cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                told = sql;
            }
        }
        return told == null ? "" : " (" + meaning(told) + ")";
    }

    private static String meaning(SQLException failure) {
        String state = failure.getSQLState();
        if (failure.getErrorCode() == MARIADB_NO_DATABASE || state.equals("90146") || state.equals("90149")) {
            return "there is no database of this name";
        } else if (failure.getErrorCode() == MARIADB_NO_RIGHT_ON_DATABASE) {
            return "the user may not use this database";
        }
        if (state.equals("08004")) {
            return "the database rejected the connection; is a password missing?";
        }
        String kind = state.length() < 2 ? state : state.substring(0, 2);
        return switch (kind) {
            case "08" -> "no connection; is the address right, and is the database running?";
            case "28" -> "the database does not let this user in; are user and password right?";
            case "3D" -> "there is no database of this name";
            case "42" -> "SQL state " + state + "; may the user do this? See 'doctor'";
            default -> "SQL state " + state;
        };
    }
}
