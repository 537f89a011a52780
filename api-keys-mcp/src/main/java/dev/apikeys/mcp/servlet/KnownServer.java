package dev.apikeys.mcp.servlet;

import java.util.List;

/**
 * What is known of the server behind the guard.
 *
 * <p>Thread-safe as long as the host's classifier is.
 */
final class KnownServer {
    private final CallClassifier classifier;
    private final ToolHints tools = new ToolHints();
    private final Sessions sessions = new Sessions();
    private volatile List<String> revisions = Revision.dates();

    KnownServer(CallClassifier classifier) {
        this.classifier = classifier;
    }

    /** What the host knows. */
    CallClassifier classifier() {
        return classifier;
    }

    /** What the server said of its tools. */
    ToolHints tools() {
        return tools;
    }

    /** Which key opened which session. */
    Sessions sessions() {
        return sessions;
    }

    /** The revisions that the server says it supports; all, until it says so. */
    List<String> revisions() {
        return revisions;
    }

    /** The server said which revisions it supports. Those that nobody here knows are left out. */
    void supports(List<String> dates) {
        List<String> known = dates.stream()
                .filter(date -> Revision.of(date) != null)
                .distinct()
                .toList();
        if (!known.isEmpty()) {
            revisions = known;
        }
    }
}
