package dev.apikeys.mcp;

import dev.apikeys.text.VisibleAscii;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A tool allowlist in a form for matching: exact names in a hash set, and sorted prefixes, without those that a shorter
 * prefix makes redundant.
 */
final class ToolAllowlist {
    static final ToolAllowlist EMPTY = new ToolAllowlist(new TreeSet<>());

    private static final String ANY_END = "*";

    private final SortedSet<String> entries;
    private final Set<String> names = new HashSet<>();
    private final String[] prefixes;

    private ToolAllowlist(SortedSet<String> entries) {
        this.entries = Collections.unmodifiableSortedSet(entries);
        SortedSet<String> sorted = new TreeSet<>();
        for (String entry : entries) {
            if (entry.endsWith(ANY_END)) {
                sorted.add(entry.substring(0, entry.length() - ANY_END.length()));
            } else {
                names.add(entry);
            }
        }
        List<String> shortest = new ArrayList<>();
        for (String prefix : sorted) {
            if (shortest.isEmpty() || !prefix.startsWith(shortest.get(shortest.size() - 1))) {
                shortest.add(prefix);
            }
        }
        this.prefixes = shortest.toArray(String[]::new);
    }

    static ToolAllowlist of(Collection<String> entries) {
        Objects.requireNonNull(entries, "entries");
        SortedSet<String> sorted = new TreeSet<>();
        for (String entry : entries) {
            sorted.add(checked(entry));
        }
        if (sorted.size() > McpPolicy.MAX_TOOLS) {
            throw new IllegalArgumentException(
                    "a tool allowlist has at most " + McpPolicy.MAX_TOOLS + " entries, this one " + sorted.size());
        }
        return new ToolAllowlist(sorted);
    }

    SortedSet<String> entries() {
        return entries;
    }

    boolean matches(String tool) {
        return names.contains(tool) || prefixOf(tool) != null;
    }

    /** The entry that matches the tool, or null if none does. */
    @Nullable
    String entryFor(String tool) {
        if (names.contains(tool)) {
            return tool;
        }
        String prefix = prefixOf(tool);
        return prefix == null ? null : prefix + ANY_END;
    }

    /** A list that matches exactly what both lists match. It is at most as long as both together. */
    ToolAllowlist intersect(ToolAllowlist other) {
        SortedSet<String> common = new TreeSet<>();
        for (String entry : entries) {
            if (other.covers(entry)) {
                common.add(entry);
            }
        }
        for (String entry : other.entries) {
            if (covers(entry)) {
                common.add(entry);
            }
        }
        return new ToolAllowlist(common);
    }

    /**
     * Tells whether this list matches everything that the entry matches. A prefix is covered if it begins with another
     * prefix.
     */
    private boolean covers(String entry) {
        return entry.endsWith(ANY_END)
                ? prefixOf(entry.substring(0, entry.length() - ANY_END.length())) != null
                : matches(entry);
    }

    /**
     * Returns the prefix that the text begins with, or null. No prefix begins with another one. So only the last prefix
     * that sorts before the text, or is equal to it, can match: everything that sorts between a prefix of the text and
     * the text begins with that prefix too.
     */
    private @Nullable String prefixOf(String text) {
        int found = Arrays.binarySearch(prefixes, text);
        int last = found >= 0 ? found : -found - 2;
        return last >= 0 && text.startsWith(prefixes[last]) ? prefixes[last] : null;
    }

    private static String checked(String entry) {
        VisibleAscii.checked(entry, McpPolicy.MAX_TOOL_NAME_LENGTH, "an entry of a tool allowlist");
        int star = entry.indexOf(ANY_END);
        if (star >= 0 && star < entry.length() - 1) {
            throw new IllegalArgumentException(
                    "a star is allowed only at the end of an entry of a tool allowlist: " + VisibleAscii.quoted(entry));
        }
        return entry;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ToolAllowlist that && entries.equals(that.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }
}
