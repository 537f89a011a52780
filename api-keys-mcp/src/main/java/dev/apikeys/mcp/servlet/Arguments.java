package dev.apikeys.mcp.servlet;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of one call, by name. Finding one takes the same time whatever names a client chose.
 *
 * <p>Not thread-safe while they are read.
 */
final class Arguments extends AbstractMap<String, String> {
    private static final int FIRST_CAPACITY = 8;

    private final SaltedNames names;
    private final int object;
    /** By the number of the name, counted from the first one that can be in this object; null for other names. */
    private @Nullable String[] values = new @Nullable String[FIRST_CAPACITY];

    private final int first;
    private int size;

    /**
     * Those of an object whose names have yet to be read.
     *
     * @param names where its names are added
     * @param object its number there
     */
    Arguments(SaltedNames names, int object) {
        this.names = names;
        this.object = object;
        this.first = names.size();
    }

    /** Adds the value of the name that was read last. */
    void add(String value) {
        int at = names.size() - 1 - first;
        if (at >= values.length) {
            values = Arrays.copyOf(values, Math.max(at + 1, 2 * values.length));
        }
        values[at] = value;
        size++;
    }

    @Override
    public @Nullable String get(Object name) {
        int at = name instanceof String text ? names.indexOf(object, text) - first : -1;
        return at < 0 || at >= values.length ? null : values[at];
    }

    @Override
    public boolean containsKey(Object name) {
        return get(name) != null;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Set<Map.Entry<String, String>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<String, String>> iterator() {
                return IntStream.range(0, values.length)
                        .filter(at -> values[at] != null)
                        .mapToObj(at -> Map.entry(names.get(first + at), values[at]))
                        .iterator();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }
}
