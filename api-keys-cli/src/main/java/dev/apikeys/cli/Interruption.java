package dev.apikeys.cli;

/** What is done if the process is interrupted or ended from outside while this is open. Not thread-safe. */
final class Interruption implements AutoCloseable {
    private final Thread action;
    private boolean happened;

    Interruption(Runnable action) {
        this.action = new Thread(action, "api-keys-goodbye");
        Runtime.getRuntime().addShutdownHook(this.action);
    }

    /** Whether the process was ending already when this was closed. */
    boolean happened() {
        return happened;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(action);
        } catch (IllegalStateException ending) {
            happened = true;
        }
    }
}
