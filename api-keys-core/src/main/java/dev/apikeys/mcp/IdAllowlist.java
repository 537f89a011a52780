package dev.apikeys.mcp;

import dev.apikeys.text.VisibleAscii;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The projects or the instances that a policy allows: all, or only some, by the host's own ids. Ids are compared
 * exactly.
 *
 * <p>Immutable and thread-safe.
 */
public final class IdAllowlist {
    /** All projects or instances. */
    public static final IdAllowlist EVERY = new IdAllowlist(null);

    /** The most ids that can be named. */
    public static final int MAX_IDS = 256;

    /** Longest id, in characters. */
    public static final int MAX_ID_LENGTH = 128;

    private final @Nullable SortedSet<String> sorted;
    private final Set<String> ids;

    private IdAllowlist(@Nullable SortedSet<String> sorted) {
        this.sorted = sorted;
        this.ids = sorted == null ? Set.of() : new HashSet<>(sorted);
    }

    /**
     * Only these ids; all if there is no id.
     *
     * @throws IllegalArgumentException when there are more than {@value #MAX_IDS} ids, or an id is empty, longer than
     *     {@value #MAX_ID_LENGTH} or holds anything but visible ASCII characters
     */
    public static IdAllowlist of(Collection<String> ids) {
        Objects.requireNonNull(ids, "ids");
        SortedSet<String> sorted = new TreeSet<>();
        for (String id : ids) {
            sorted.add(VisibleAscii.checked(id, MAX_ID_LENGTH, "the id of a project or an instance"));
        }
        if (sorted.size() > MAX_IDS) {
            throw new IllegalArgumentException(
                    "a policy names at most " + MAX_IDS + " projects or instances, this one " + sorted.size());
        }
        return sorted.isEmpty() ? EVERY : new IdAllowlist(sorted);
    }

    /** Tells whether all ids are allowed. */
    public boolean isEvery() {
        return sorted == null;
    }

    /** Tells whether no place is reached at all, which only {@link McpPolicy#within} can bring about. */
    public boolean isNone() {
        return sorted != null && sorted.isEmpty();
    }

    /** The allowed ids, sorted. Empty if {@linkplain #isEvery() all} ids are allowed, and also if none is. */
    public SortedSet<String> getIds() {
        return sorted == null ? Collections.emptySortedSet() : Collections.unmodifiableSortedSet(sorted);
    }

    /** Tells whether the id is allowed. */
    public boolean contains(String id) {
        Objects.requireNonNull(id, "id");
        return sorted == null || ids.contains(id);
    }

    /** The ids that both lists allow. */
    IdAllowlist intersect(IdAllowlist other) {
        if (sorted == null) {
            return other;
        }
        SortedSet<String> common = new TreeSet<>(sorted);
        common.removeIf(id -> !other.contains(id));
        return new IdAllowlist(common);
    }

    /**
     * Tells whether the method may be used with this id. Without an id, it may be used if all ids are allowed or the
     * method needs none.
     */
    boolean admits(@Nullable String id, @Nullable McpMethod method) {
        if (id != null) {
            return contains(id);
        }
        return isEvery() || (method != null && method.isAnywhere());
    }

    /** Tells whether a list shows an entry with this id. Without an id, it is shown if at least one id is allowed. */
    boolean shows(@Nullable String id) {
        return id == null ? !isNone() : contains(id);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdAllowlist that && isEvery() == that.isEvery() && ids.equals(that.ids);
    }

    @Override
    public int hashCode() {
        return isEvery() ? 1 : ids.hashCode();
    }

    /** {@code every}, or the number of ids. A log line doesn't show the ids. */
    @Override
    public String toString() {
        return isEvery() ? "every" : Integer.toString(ids.size());
    }
}
