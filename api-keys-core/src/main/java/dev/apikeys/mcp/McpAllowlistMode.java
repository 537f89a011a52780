package dev.apikeys.mcp;

import dev.apikeys.text.VisibleAscii;

/**
 * Whether the list of tools counts.
 *
 * <p>Immutable and thread-safe.
 */
public enum McpAllowlistMode {
    /** Every tool but those that the other rules refuse; the list stays, and counts for nothing. */
    ALL("all"),
    /** Only tools that match an entry of the list; no tool at all when the list is empty. */
    LISTED("listed");

    private final String word;

    McpAllowlistMode(String word) {
        this.word = word;
    }

    /**
     * Reads what {@link #toString()} writes.
     *
     * @throws IllegalArgumentException when the word is neither {@code all} nor {@code listed}
     */
    public static McpAllowlistMode parse(String word) {
        for (McpAllowlistMode mode : values()) {
            if (mode.word.equals(word)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("an allowlist mode is all or listed: " + VisibleAscii.quoted(word));
    }

    /** {@code all} or {@code listed}. */
    @Override
    public String toString() {
        return word;
    }
}
