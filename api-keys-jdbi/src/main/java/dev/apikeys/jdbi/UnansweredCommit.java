package dev.apikeys.jdbi;

import java.sql.SQLException;

/** A COMMIT was sent, and nobody knows what became of it: the database may have carried it out or not. */
final class UnansweredCommit extends SQLException {
    private static final long serialVersionUID = 1L;

    UnansweredCommit(Throwable cause) {
        super("the answer to a COMMIT is missing", cause);
    }
}
