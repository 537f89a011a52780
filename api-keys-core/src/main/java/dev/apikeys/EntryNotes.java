package dev.apikeys;

import java.util.concurrent.Semaphore;

/**
 * What is noted of a cached key that was rejected, was imported, or that an agent uses; most keys have none.
 *
 * <p>Thread-safe.
 */
final class EntryNotes {
    private final AuditBudget rejections = new AuditBudget();
    /** Apart from the budget for rejected tokens, so that a busy agent hides no attack. */
    private final AuditBudget mcpDenials = new AuditBudget();

    /** The turn of a request to have its secret checked against a slow hash. */
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
