package dev.apikeys;

import dev.apikeys.mcp.McpPolicy;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The options of a key besides its grant.
 *
 * <p>Immutable and thread-safe.
 *
 * @param selfRevocation whether the key may revoke itself
 * @param metadata strings of the host's own, shown by lists; the library reads no meaning into them, and decides nothing
 *     by them
 * @param mcp what agents may do with the key
 */
public record KeyOptions(SelfRevocation selfRevocation, Map<String, String> metadata, McpPolicy mcp) {
    /** No self-revocation, no metadata, nothing for agents. */
    public static final KeyOptions DEFAULT = new KeyOptions(SelfRevocation.REFUSED, Map.of(), McpPolicy.DEFAULT);

    /** The name of the entry that is the key's label. */
    public static final String LABEL = "label";

    /** Longest label, in code points. */
    public static final int MAX_LABEL_LENGTH = 64;

    /** Most entries of metadata. */
    public static final int MAX_METADATA_ENTRIES = 20;

    /** Longest name of an entry, in code points. */
    public static final int MAX_METADATA_NAME_LENGTH = 40;

    /** Longest value of an entry, in code points. */
    public static final int MAX_METADATA_VALUE_LENGTH = 500;

    /**
     * Checks and copies the metadata.
     *
     * @throws IllegalArgumentException when there are too many entries, or a name or value is blank, too long or holds a
     *     control character
     */
    public KeyOptions {
        Objects.requireNonNull(selfRevocation, "selfRevocation");
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(mcp, "mcp");
        // In one order everywhere.
        metadata = metadata.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(metadata));
        if (metadata.size() > MAX_METADATA_ENTRIES) {
            throw new IllegalArgumentException(
                    "a key has at most " + MAX_METADATA_ENTRIES + " entries of metadata: " + metadata.size());
        }
        metadata.forEach((name, value) -> {
            Objects.requireNonNull(value, "metadata");
            checkName(name);
            boolean isLabel = name.equals(LABEL);
            check(
                    value,
                    isLabel ? MAX_LABEL_LENGTH : MAX_METADATA_VALUE_LENGTH,
                    isLabel ? "a key's label" : "the value of an entry of a key's metadata");
        });
    }

    /**
     * With a label as the only metadata.
     *
     * @param label the value of the entry {@value #LABEL}; empty for none
     * @throws IllegalArgumentException as the other constructor
     */
    public KeyOptions(SelfRevocation selfRevocation, String label, McpPolicy mcp) {
        this(selfRevocation, labelAlone(label), mcp);
    }

    /** A word of the host's own for what the key is about: the entry {@value #LABEL}; empty for none. */
    public String label() {
        return metadata.getOrDefault(LABEL, "");
    }

    /** The same options with another setting for self-revocation. */
    public KeyOptions with(SelfRevocation selfRevocation) {
        return new KeyOptions(selfRevocation, metadata, mcp);
    }

    /**
     * The same options with another label.
     *
     * @param label at most {@value #MAX_LABEL_LENGTH} characters; empty for none
     * @throws IllegalArgumentException as for the constructor
     */
    public KeyOptions labelled(String label) {
        Objects.requireNonNull(label, "label");
        return metadata(LABEL, label);
    }

    /**
     * The same options with one entry of metadata more, or another value of it.
     *
     * @param name 1 to {@value #MAX_METADATA_NAME_LENGTH} characters
     * @param value at most {@value #MAX_METADATA_VALUE_LENGTH} characters; empty removes the entry
     * @throws IllegalArgumentException as for the constructor
     */
    public KeyOptions metadata(String name, String value) {
        return with(changed(metadata, name, value));
    }

    /**
     * The same options with this metadata and no other.
     *
     * @throws IllegalArgumentException as for the constructor
     */
    public KeyOptions with(Map<String, String> metadata) {
        return new KeyOptions(selfRevocation, metadata, mcp);
    }

    /** The same options with another policy for agents. */
    public KeyOptions with(McpPolicy mcp) {
        return new KeyOptions(selfRevocation, metadata, mcp);
    }

    private static Map<String, String> labelAlone(String label) {
        return Objects.requireNonNull(label, "label").isEmpty() ? Map.of() : Map.of(LABEL, label);
    }

    private static Map<String, String> changed(Map<String, String> metadata, String name, String value) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
        checkName(name);
        Map<String, String> changed = new TreeMap<>(metadata);
        if (value.isEmpty()) {
            changed.remove(name);
        } else {
            changed.put(name, value);
        }
        return changed;
    }

    private static void checkName(String name) {
        check(name, MAX_METADATA_NAME_LENGTH, "the name of an entry of a key's metadata");
    }

    private static void check(String text, int longest, String what) {
        if (Text.isBlank(text) || text.codePointCount(0, text.length()) > longest || !Text.isSingleLine(text)) {
            throw new IllegalArgumentException(
                    what + " has at most " + longest + " characters, isn't blank and holds no control character");
        }
    }

    /** Whether a key may be used to revoke itself, for a client whose key was leaked. */
    public enum SelfRevocation {
        /** Only people in a session can revoke it. */
        REFUSED,
        /** The holder of the key can revoke it. */
        ALLOWED
    }
}
