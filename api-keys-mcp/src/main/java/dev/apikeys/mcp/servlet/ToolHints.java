package dev.apikeys.mcp.servlet;

import dev.apikeys.Owner;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tools that a server listed to each owner since the start, and whether the latest list called them read-only. What one
 * owner was told counts for that owner alone: another's tool of the same name may be another tool. Bounded: a tool that finds
 * no place counts as never listed, which means as writing, and so do the tools of the owners that were quiet longest.
 *
 * <p>Thread-safe.
 */
final class ToolHints {
    private static final int MAX_TOOLS = 50_000;
    private static final int MAX_TOOLS_OF_OWNER = 2_000;
    private static final int MAX_NAME_LENGTH = 256;

    /** The owner that was quiet longest first. */
    private final Map<Owner, SortedMap<String, Boolean>> byOwner = new LinkedHashMap<>(16, 0.75f, true);

    private int size;

    /** A list for the owner has the tool. */
    synchronized void listed(Owner owner, String name, boolean isReadOnly) {
        SortedMap<String, Boolean> tools = byOwner.computeIfAbsent(owner, absent -> new TreeMap<>());
        if (tools.replace(name, isReadOnly) == null
                && tools.size() < MAX_TOOLS_OF_OWNER
                && name.length() <= MAX_NAME_LENGTH) {
            tools.put(name, isReadOnly);
            size++;
        }
        Iterator<SortedMap<String, Boolean>> quietest = byOwner.values().iterator();
        while (size > MAX_TOOLS) {
            size -= quietest.next().size();
            quietest.remove();
        }
    }

    /** Tells whether the latest list for the owner called the tool read-only. */
    synchronized boolean isReadOnly(Owner owner, String name) {
        Map<String, Boolean> tools = byOwner.get(owner);
        return tools != null && tools.getOrDefault(name, false);
    }

    /** Every tool of the owner, in the order of names, and whether it is read-only. */
    synchronized SortedMap<String, Boolean> of(Owner owner) {
        SortedMap<String, Boolean> tools = byOwner.get(owner);
        return tools == null ? new TreeMap<>() : new TreeMap<>(tools);
    }

    /** How many tools are known in all. */
    synchronized int size() {
        return size;
    }
}
