package dev.apikeys;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which keys a call may see. Stores put it into their WHERE clause, so that a key outside it doesn't exist for the
 * caller.
 *
 * <p>Immutable and thread-safe: every method gives a new value.
 */
public final class KeyFilter {
    private static final KeyFilter EVERYTHING = new KeyFilter(null, null, null, null);

    /** Longest search text, in UTF-16 units. */
    public static final int MAX_SEARCH_LENGTH = 255;

    private final @Nullable KeyKind kind;
    private final @Nullable Owner owner;
    private final @Nullable String organization;
    private final @Nullable String search;

    private KeyFilter(
            @Nullable KeyKind kind, @Nullable Owner owner, @Nullable String organization, @Nullable String search) {
        this.kind = kind;
        this.owner = owner;
        this.organization = organization;
        this.search = search;
    }

    /** Every key there is. */
    public static KeyFilter everything() {
        return EVERYTHING;
    }

    /** The keys of one kind of exactly this owner. */
    public static KeyFilter ownedBy(KeyKind kind, Owner owner) {
        return new KeyFilter(kind, owner, null, null);
    }

    /** Only keys of this kind. */
    public KeyFilter kind(KeyKind wanted) {
        return new KeyFilter(wanted, owner, organization, search);
    }

    /** Only keys of owners in this organization. */
    public KeyFilter organization(String wanted) {
        return new KeyFilter(kind, owner, wanted, search);
    }

    /**
     * Only keys whose name or owner contains the text, or whose public id begins with it; ignoring case. Nothing in the
     * text is a wildcard.
     *
     * @throws IllegalArgumentException when the text is longer than {@value #MAX_SEARCH_LENGTH}
     */
    public KeyFilter search(String text) {
        if (text.length() > MAX_SEARCH_LENGTH) {
            throw new IllegalArgumentException("a search text has at most " + MAX_SEARCH_LENGTH + " characters");
        }
        // Control characters stand in no name, and some databases answer them with an error.
        String printable = Text.printable(text.strip(), MAX_SEARCH_LENGTH);
        return new KeyFilter(kind, owner, organization, printable.isEmpty() ? null : printable);
    }

    /** The kind; empty: every kind. */
    public Optional<KeyKind> kind() {
        return Optional.ofNullable(kind);
    }

    /** The exact owner; empty: every owner. */
    public Optional<Owner> owner() {
        return Optional.ofNullable(owner);
    }

    /** The organization; empty: every one. */
    public Optional<String> organization() {
        return Optional.ofNullable(organization);
    }

    /** The search text; empty: none. */
    public Optional<String> search() {
        return Optional.ofNullable(search);
    }
}
