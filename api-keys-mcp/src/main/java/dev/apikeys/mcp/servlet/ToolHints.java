package dev.apikeys.mcp.servlet;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The tools that a server listed since the start, and whether its latest list called them read-only. Bounded: a tool that
 * finds no place counts as never listed, which means as writing.
 *
 * <p>Thread-safe.
 */
final class ToolHints {
    private static final int MAX_TOOLS = 10_000;
    private static final int MAX_NAME_LENGTH = 256;

    private final ConcurrentMap<String, Boolean> readOnly = new ConcurrentHashMap<>();

    void listed(String name, boolean isReadOnly) {
        Boolean known = readOnly.get(name);
        if (known == null
                ? readOnly.size() < MAX_TOOLS && name.length() <= MAX_NAME_LENGTH
                : known.booleanValue() != isReadOnly) {
            readOnly.put(name, isReadOnly);
        }
    }

    boolean isReadOnly(String name) {
        return readOnly.getOrDefault(name, false);
    }

    /** Every tool, in the order of names, and whether it is read-only. */
    SortedMap<String, Boolean> all() {
        return new TreeMap<>(readOnly);
    }
}
