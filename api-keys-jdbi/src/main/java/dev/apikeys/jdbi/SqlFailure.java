package dev.apikeys.jdbi;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.JdbiException;

/** The meaning of an exception of any driver. */
final class SqlFailure {
    /** Deadlock and serialization failure in the SQL standard; deadlock in PostgreSQL. */
    private static final Set<String> TRY_AGAIN_STATES = Set.of("40001", "40P01");

    /**
     * MariaDB and MySQL: 1213 deadlock, 1205 lock wait timeout, 1020 record has changed. H2: 50200 lock timeout, 90131
     * concurrent update.
     */
    private static final Set<Integer> TRY_AGAIN_CODES = Set.of(1213, 1205, 1020, 50200, 90131);

    /** MariaDB and MySQL: deadlock, or a change that lost against one on another member of the cluster. */
    private static final int LOST_CONFLICT_CODE = 1213;

    /** Statement cancelled in H2 and PostgreSQL; lock not available in PostgreSQL. */
    private static final Set<String> TIMEOUT_STATES = Set.of("57014", "55P03");

    /**
     * MariaDB and MySQL: 1205 lock wait timeout, 1969 and 3024 statement ended for its time; H2: 50200 lock timeout, 57014
     * statement cancelled.
     */
    private static final Set<Integer> TIMEOUT_CODES = Set.of(1205, 1969, 3024, 50200, 57014);

    /** The standard's word for a COMMIT of which nobody knows what became, among the states of roll-backs. */
    private static final String UNKNOWN_OUTCOME_STATE = "40003";

    /** Class of the standard's states for broken connections. */
    private static final String CONNECTION_STATES = "08";

    /** PostgreSQL: ended by the administrator or a crash, still starting, idle in a transaction for too long. */
    private static final Set<String> LOST_STATES = Set.of("57P01", "57P02", "57P03", "25P03");

    /** MariaDB: connection was killed; H2: connection is broken, database is closed. */
    private static final Set<Integer> LOST_CODES = Set.of(1927, 90067, 90098);

    /** PostgreSQL: prepared statement exists already, prepared statement does not exist. */
    private static final Set<String> MIXED_UP_STATES = Set.of("42P05", "26000");

    /** Unique violation in H2 and PostgreSQL. */
    private static final String DUPLICATE_STATE = "23505";

    /** Unique violation in MariaDB and MySQL. */
    private static final int DUPLICATE_CODE = 1062;

    /** Index exists already in MariaDB and MySQL. */
    private static final int EXISTING_INDEX_CODE = 1061;

    private static final Set<String> NO_TABLE_STATES = Set.of("42S02", "42S03", "42S04", "42P01");
    private static final Set<String> NO_COLUMN_STATES = Set.of("42S22", "42703");

    /** Insufficient privilege in PostgreSQL; not enough rights in H2. */
    private static final Set<String> NO_RIGHT_STATES = Set.of("42501", "90096");

    /** MariaDB and MySQL: access denied to the database, command denied on a table, command denied on a column. */
    private static final Set<Integer> NO_RIGHT_CODES = Set.of(1044, 1142, 1143);

    /** The standard's state for a change in a transaction that may only read. */
    private static final String READ_ONLY_STATE = "25006";

    /** MariaDB and MySQL: the server runs with --read-only; H2: the database is read-only. */
    private static final Set<Integer> READ_ONLY_CODES = Set.of(1290, 1836, 90097);

    /** Syntax error in MariaDB, MySQL and H2; in H2 with a word that it expects; in PostgreSQL. */
    private static final Set<String> SYNTAX_STATES = Set.of("42000", "42001", "42601");

    /** PostgreSQL: untranslatable character, character not in repertoire. */
    private static final Set<String> NO_CHARACTER_STATES = Set.of("22P05", "22021");

    /** Classes of the standard's states: invalid authorization, invalid catalog name. */
    private static final String NOT_AUTHORIZED_STATES = "28";

    private static final String NO_DATABASE_STATES = "3D";

    private static final int MAX_CAUSES = 50;

    private SqlFailure() {}

    /**
     * The driver's own exception, if there is one. Jdbi's exceptions around it are left out, because they show
     * statements and bound values.
     */
    static Throwable cause(Exception failure) {
        Throwable last = failure;
        for (Throwable cause : causes(failure)) {
            last = cause;
            if (!(cause instanceof JdbiException)) {
                break;
            }
        }
        return last;
    }

    /**
     * Whether the same transaction may succeed if it is run again. This includes a unique violation, because the new
     * attempt sees the row of the other transaction.
     */
    static boolean isWorthAnotherTry(Throwable cause) {
        return cause instanceof SQLException sql
                && (TRY_AGAIN_STATES.contains(state(sql))
                        || TRY_AGAIN_CODES.contains(sql.getErrorCode())
                        || isDuplicate(sql));
    }

    /**
     * Whether another transaction won over this one. In a Galera cluster this happens often, since a change on any member
     * wins over those that are under way on others.
     */
    static boolean isLostConflict(Throwable cause) {
        return cause instanceof SQLException sql && sql.getErrorCode() == LOST_CONFLICT_CODE;
    }

    /** Whether a COMMIT that failed like this was surely rolled back; else the answer may merely be lost. */
    static boolean isRolledBack(SQLException failure) {
        return isWorthAnotherTry(failure) && !UNKNOWN_OUTCOME_STATE.equals(state(failure));
    }

    /** Whether the connection broke, which rolls back what was not committed. Not one that was given up as too slow. */
    static boolean isConnectionLost(Throwable cause) {
        return cause instanceof SQLException sql
                && !isTimeout(sql)
                && (state(sql).startsWith(CONNECTION_STATES)
                        || LOST_STATES.contains(state(sql))
                        || LOST_CODES.contains(sql.getErrorCode()));
    }

    /** Whether a prepared statement met another connection of the server than the one that prepared it. */
    static boolean isStatementOfAnotherConnection(Throwable cause) {
        return cause instanceof SQLException sql && MIXED_UP_STATES.contains(state(sql));
    }

    static boolean isMissingTable(SQLException failure) {
        return NO_TABLE_STATES.contains(state(failure));
    }

    static boolean isMissingColumn(SQLException failure) {
        return NO_COLUMN_STATES.contains(state(failure));
    }

    /** Whether there is an index of this name; for MariaDB and MySQL. */
    static boolean isExistingIndex(SQLException failure) {
        return failure.getErrorCode() == EXISTING_INDEX_CODE;
    }

    static boolean isMissingRight(SQLException failure) {
        return NO_RIGHT_STATES.contains(state(failure)) || NO_RIGHT_CODES.contains(failure.getErrorCode());
    }

    /** Whether the database may only be read: it is a replica, or was set so. */
    static boolean isReadOnly(SQLException failure) {
        return READ_ONLY_STATE.equals(state(failure)) || READ_ONLY_CODES.contains(failure.getErrorCode());
    }

    /** Whether the database did not understand a statement. */
    static boolean isSyntax(SQLException failure) {
        return SYNTAX_STATES.contains(state(failure));
    }

    /** Whether the encoding of the database lacks a character. */
    static boolean isUntranslatable(SQLException failure) {
        return NO_CHARACTER_STATES.contains(state(failure));
    }

    /** Whether the database was found and does not let the user in, or whether there is none of this name. */
    static boolean isWrongAddress(Throwable failure) {
        for (Throwable cause : causes(failure)) {
            if (cause instanceof SQLException sql
                    && (state(sql).startsWith(NOT_AUTHORIZED_STATES)
                            || state(sql).startsWith(NO_DATABASE_STATES))) {
                return true;
            }
        }
        return false;
    }

    /** The class of the innermost cause, which is all that may be shown of it: a driver's text may quote values. */
    static String kind(Throwable failure) {
        List<Throwable> causes = causes(failure);
        return causes.get(causes.size() - 1).getClass().getName();
    }

    /** The failure, its cause, and so on. Causes may go round in a circle. */
    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = failure; cause != null && causes.size() < MAX_CAUSES; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    /** Whether the database, or the connection to it, took too long. */
    static boolean isTimeout(Throwable failure) {
        for (Throwable cause : causes(failure)) {
            if (cause instanceof SQLTimeoutException
                    || cause instanceof SocketTimeoutException
                    || (cause instanceof SQLException sql
                            && (TIMEOUT_STATES.contains(state(sql)) || TIMEOUT_CODES.contains(sql.getErrorCode())))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDuplicate(SQLException failure) {
        return DUPLICATE_STATE.equals(state(failure)) || failure.getErrorCode() == DUPLICATE_CODE;
    }

    private static String state(SQLException failure) {
        String state = failure.getSQLState();
        return state == null ? "" : state;
    }
}
