package dev.apikeys;

/**
 * What is noted of a cached key that was refused or that an agent uses; most keys have none.
 *
 * <p>Thread-safe.
 */
final class KeyNotes {
    private final FailureBudget refusals = new FailureBudget();
    /** Apart from the budget for refused tokens, so that a busy agent hides no attack. */
    private final FailureBudget mcpDenials = new FailureBudget();

    private volatile boolean mcpSessionNoted;

    FailureBudget refusals() {
        return refusals;
    }

    FailureBudget mcpDenials() {
        return mcpDenials;
    }

    boolean mcpSessionNoted() {
        return mcpSessionNoted;
    }

    void noteMcpSession() {
        mcpSessionNoted = true;
    }
}
