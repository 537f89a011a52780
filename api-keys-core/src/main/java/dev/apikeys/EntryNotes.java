package dev.apikeys;

import java.util.concurrent.Semaphore;

/**
 * Additional fields of a cached key that was rejected, was imported, or is used by an agent. Most keys have none.
 *
 * <p>Thread-safe.
 */
final class EntryNotes {
    private final AuditBudget rejections = new AuditBudget();
    /** A separate budget from the one for rejected tokens, so that a busy agent can't hide an attack. */
    private final AuditBudget mcpDenials = new AuditBudget();

    /** Held by the request whose secret is being checked against a slow hash. */
    private final Semaphore slowCheck = new Semaphore(1, true);

    private volatile boolean mcpSessionNoted;

    AuditBudget rejections() {
        return rejections;
    }

    AuditBudget mcpDenials() {
        return mcpDenials;
    }

    Semaphore slowCheck() {
        return slowCheck;
    }

    boolean mcpSessionNoted() {
        return mcpSessionNoted;
    }

    void noteMcpSession() {
        mcpSessionNoted = true;
    }
}
