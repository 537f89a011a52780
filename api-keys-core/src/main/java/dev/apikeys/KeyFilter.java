package dev.apikeys;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which keys a call may see. Stores put it into their WHERE clause, so a key outside the filter is not found.
 *
 * <p>Immutable and thread-safe: every method gives a new value.
 */
public final class KeyFilter {
    private static final KeyFilter EVERYTHING = new KeyFilter(null, null, null, null, null, Revoked.SHOWN, null, null);

    /** Longest search text, in UTF-16 units. */
    public static final int MAX_SEARCH_LENGTH = 255;

    private final @Nullable KeyKind kind;
    private final @Nullable Owner owner;
    private final @Nullable String user;
    private final @Nullable String organization;
    private final @Nullable String search;
    private final Revoked revoked;
    private final @Nullable Span ending;
    private final @Nullable Instant liveAt;

    private enum Revoked {
        SHOWN,
        LEFT_OUT
    }

    /**
     * A span of time.
     *
     * @param from its first instant
     * @param until the first instant behind it
     */
    public record Span(Instant from, Instant until) {
        /** Checks that both are there. */
        public Span {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(until, "until");
        }
    }

    private KeyFilter(
            @Nullable KeyKind kind,
            @Nullable Owner owner,
            @Nullable String user,
            @Nullable String organization,
            @Nullable String search,
            Revoked revoked,
            @Nullable Span ending,
            @Nullable Instant liveAt) {
        this.kind = kind;
        this.owner = owner;
        this.user = user;
        this.organization = organization;
        this.search = search;
        this.revoked = revoked;
        this.ending = ending;
        this.liveAt = liveAt;
    }

    /** Every key there is. */
    public static KeyFilter everything() {
        return EVERYTHING;
    }

    /** The keys of one kind of exactly this owner. */
    public static KeyFilter ownedBy(KeyKind kind, Owner owner) {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(owner, "owner");
        return new KeyFilter(kind, owner, null, null, null, Revoked.SHOWN, null, null);
    }

    /** Only keys of this kind. */
    public KeyFilter kind(KeyKind kind) {
        Objects.requireNonNull(kind, "kind");
        return new KeyFilter(kind, owner, user, organization, search, revoked, ending, liveAt);
    }

    /** Only keys of this user, in every organization and workspace. */
    public KeyFilter user(String user) {
        Objects.requireNonNull(user, "user");
        return new KeyFilter(kind, owner, user, organization, search, revoked, ending, liveAt);
    }

    /** Without the keys that were revoked. */
    public KeyFilter unrevoked() {
        return new KeyFilter(kind, owner, user, organization, search, Revoked.LEFT_OUT, ending, liveAt);
    }

    /** Only keys that expire at {@code from} or later and before {@code until}. */
    public KeyFilter endingBetween(Instant from, Instant until) {
        return new KeyFilter(kind, owner, user, organization, search, revoked, new Span(from, until), liveAt);
    }

    /** Only keys that have not ended at this time: neither revoked nor expired. Paused keys have not ended. */
    public KeyFilter liveAt(Instant time) {
        Objects.requireNonNull(time, "time");
        return new KeyFilter(kind, owner, user, organization, search, Revoked.LEFT_OUT, ending, time);
    }

    /** Only keys of owners in this organization. */
    public KeyFilter organization(String organization) {
        Objects.requireNonNull(organization, "organization");
        return new KeyFilter(kind, owner, user, organization, search, revoked, ending, liveAt);
    }

    /**
     * Only keys whose name or owner contains the text, or whose public id begins with it. Case is ignored. The text has
     * no wildcards.
     *
     * @throws IllegalArgumentException when the text is longer than {@value #MAX_SEARCH_LENGTH}
     */
    public KeyFilter search(String text) {
        Objects.requireNonNull(text, "text");
        if (text.length() > MAX_SEARCH_LENGTH) {
            throw new IllegalArgumentException("a search text has at most " + MAX_SEARCH_LENGTH + " characters");
        }
        // No name contains control characters, and some databases report an error for them.
        String printable = Text.printable(Text.trim(text), MAX_SEARCH_LENGTH);
        return new KeyFilter(
                kind, owner, user, organization, printable.isEmpty() ? null : printable, revoked, ending, liveAt);
    }

    /** The kind; empty: every kind. */
    public Optional<KeyKind> kind() {
        return Optional.ofNullable(kind);
    }

    /** The exact owner; empty: every owner. */
    public Optional<Owner> owner() {
        return Optional.ofNullable(owner);
    }

    /** The user; empty: every user, and organizations without a user. */
    public Optional<String> user() {
        return Optional.ofNullable(user);
    }

    /** Tells whether revoked keys are left out. */
    public boolean leavesOutRevoked() {
        return revoked == Revoked.LEFT_OUT;
    }

    /** When the keys expire; empty: at any time or never. */
    public Optional<Span> ending() {
        return Optional.ofNullable(ending);
    }

    /** The time at which the keys have not expired; empty: expired keys are shown too. */
    public Optional<Instant> liveAt() {
        return Optional.ofNullable(liveAt);
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
