package dev.apikeys;

import dev.apikeys.mcp.McpPolicy;
import java.util.Objects;

/**
 * The options of a key besides its grant.
 *
 * <p>Immutable and thread-safe.
 *
 * @param selfRevocation whether the key may revoke itself
 * @param label a word of the host's own for what the key is about, at most 64 characters, empty for none; the library reads no
 *     meaning into it
 * @param mcp what agents may do with the key
 */
public record KeyOptions(SelfRevocation selfRevocation, String label, McpPolicy mcp) {
    /** No self-revocation, no label, nothing for agents. */
    public static final KeyOptions DEFAULT = new KeyOptions(SelfRevocation.REFUSED, "", McpPolicy.DEFAULT);

    /** Longest label, in code points. */
    public static final int MAX_LABEL_LENGTH = 64;

    /**
     * Checks the label.
     *
     * @throws IllegalArgumentException when it is blank and not empty, too long or holds a control character
     */
    public KeyOptions {
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(selfRevocation, "selfRevocation");
        Objects.requireNonNull(mcp, "mcp");
        Objects.requireNonNull(label, "label");
        if ((Text.isBlank(label) && !label.isEmpty())
                || label.codePointCount(0, label.length()) > MAX_LABEL_LENGTH
                || !Text.isSingleLine(label)) {
            throw new IllegalArgumentException("a key's label has at most " + MAX_LABEL_LENGTH
                    + " characters, isn't blank and holds no control character");
        }
    }

    /** The same options with another setting for self-revocation. */
    public KeyOptions with(SelfRevocation selfRevocation) {
        return new KeyOptions(selfRevocation, label, mcp);
    }

    /**
     * The same options with another label.
     *
     * @throws IllegalArgumentException as for the constructor
     */
    public KeyOptions labelled(String label) {
        return new KeyOptions(selfRevocation, label, mcp);
    }

    /** The same options with another policy for agents. */
    public KeyOptions with(McpPolicy mcp) {
        return new KeyOptions(selfRevocation, label, mcp);
    }

    /** Whether a key may be used to revoke itself, for a client whose key was leaked. */
    public enum SelfRevocation {
        /** Only people in a session can revoke it. */
        REFUSED,
        /** The holder of the key can revoke it. */
        ALLOWED
    }
}
