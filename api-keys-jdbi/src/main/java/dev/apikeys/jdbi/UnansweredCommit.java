package dev.apikeys.jdbi;

import java.sql.SQLException;
import java.sql.SQLWarning;

/**
 * A COMMIT was sent, and nobody knows what became of it: the database may have carried it out or not, or may lose it again
 * with its primary.
 */
final class UnansweredCommit extends SQLException {
    private static final long serialVersionUID = 1L;

    UnansweredCommit(Throwable cause) {
        super("the answer to a COMMIT is missing", cause);
    }

    private UnansweredCommit(String reason, Throwable cause) {
        super(reason, cause);
    }

    /** The database has carried it out, and knows of no standby that has it too. */
    static UnansweredCommit withoutStandby(SQLWarning warning) {
        return new UnansweredCommit("no synchronous standby has confirmed a COMMIT", warning);
    }
}
