package dev.apikeys;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Which keys a call may see: those that meet every condition. Stores put it into their WHERE clause, so a key outside
 * the filter is not found. {@link #matches} says in Java what the clause has to mean.
 *
 * <p>Immutable and thread-safe: every method gives a new value.
 */
public final class KeyFilter {
    private static final KeyFilter EVERYTHING =
            new KeyFilter(OwnerCondition.NONE, TextCondition.NONE, LifeCondition.NONE, UseCondition.NONE);

    /** Before every time that a store can hold. */
    private static final Instant LONG_AGO = Instant.ofEpochMilli(Long.MIN_VALUE);

    /** Longest search text, in UTF-16 units. */
    public static final int MAX_SEARCH_LENGTH = 255;

    private final OwnerCondition owners;
    private final TextCondition texts;
    private final LifeCondition life;
    private final UseCondition use;

    private KeyFilter(OwnerCondition owners, TextCondition texts, LifeCondition life, UseCondition use) {
        this.owners = owners;
        this.texts = texts;
        this.life = life;
        this.use = use;
    }

    /**
     * A span of time, to the millisecond.
     *
     * @param from its first instant
     * @param until the first instant behind it
     */
    public record Span(Instant from, Instant until) {
        /** Cuts both to the millisecond. */
        public Span {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(until, "until");
            from = ApiKey.millis(from);
            until = ApiKey.millis(until);
        }
    }

    /**
     * An entry of a key's metadata.
     *
     * @param name its name
     * @param value its value, compared exactly
     */
    public record Entry(String name, String value) {
        /** Checks that both are there. */
        public Entry {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * A status at a time, to the millisecond.
     *
     * @param status the status
     * @param at when the keys have it
     */
    public record StatusAt(ApiKey.Status status, Instant at) {
        /** Cuts the time to the millisecond. */
        public StatusAt {
            Objects.requireNonNull(status, "status");
            Objects.requireNonNull(at, "at");
            at = ApiKey.millis(at);
        }
    }

    /** Every key there is. */
    public static KeyFilter everything() {
        return EVERYTHING;
    }

    /** The keys of one kind of exactly this owner. */
    public static KeyFilter ownedBy(KeyKind kind, Owner owner) {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(owner, "owner");
        return EVERYTHING.with(new OwnerCondition(kind, owner, null, null, null));
    }

    /** Only keys of this kind. */
    public KeyFilter kind(KeyKind kind) {
        Objects.requireNonNull(kind, "kind");
        return with(new OwnerCondition(kind, owners.owner(), owners.user(), owners.organization(), owners.party()));
    }

    /** Only keys of this user, in every organization and workspace. */
    public KeyFilter user(String user) {
        Objects.requireNonNull(user, "user");
        return with(new OwnerCondition(owners.kind(), owners.owner(), user, owners.organization(), owners.party()));
    }

    /** Only keys of owners in this organization. */
    public KeyFilter organization(String organization) {
        Objects.requireNonNull(organization, "organization");
        return with(new OwnerCondition(owners.kind(), owners.owner(), owners.user(), organization, owners.party()));
    }

    /** Only keys of owners whose user or organization has exactly this id. */
    public KeyFilter concerning(String id) {
        Objects.requireNonNull(id, "id");
        return with(new OwnerCondition(owners.kind(), owners.owner(), owners.user(), owners.organization(), id));
    }

    /**
     * Only keys whose name or owner contains the text, or whose public id begins with it. Among the keys of one owner or
     * user, the owner is not looked at: it would match all of them. Case is ignored. The text has no wildcards.
     *
     * <p>Among the keys of many owners, a store for millions of keys may look at beginnings only:
     * {@link dev.apikeys.spi.ApiKeyStore#keySearch} tells where it looks.
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
        return with(new TextCondition(printable.isEmpty() ? null : printable, texts.entryName(), texts.entryValue()));
    }

    /** Only keys with this entry in their metadata, compared exactly. */
    public KeyFilter metadata(String name, String value) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
        return with(new TextCondition(texts.search(), name, value));
    }

    /** Without the keys that were revoked. */
    public KeyFilter unrevoked() {
        return with(life.unrevoked());
    }

    /** Only keys that have not ended at this time: neither revoked nor expired. Paused keys have not ended. */
    public KeyFilter liveAt(Instant time) {
        Objects.requireNonNull(time, "time");
        return with(life.unrevoked().liveAt(time));
    }

    /** Only keys that have this status at this time; for "now" take {@link KeyService#now()}. */
    public KeyFilter status(ApiKey.Status status, Instant at) {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(at, "at");
        return with(life.status(status, ApiKey.millis(at)));
    }

    /** Only keys that expire at {@code from} or later and before {@code until}. Takes the place of {@link #expiringBefore}. */
    public KeyFilter endingBetween(Instant from, Instant until) {
        Span span = new Span(from, until);
        return with(life.ending(span.from(), span.until()));
    }

    /**
     * Only keys that expire before this time, those that have expired already included: with {@link #liveAt} only those
     * that have not ended yet. Takes the place of {@link #endingBetween}.
     */
    public KeyFilter expiringBefore(Instant time) {
        Objects.requireNonNull(time, "time");
        return with(life.ending(LONG_AGO, ApiKey.millis(time)));
    }

    /** Only keys that were issued before this time, and not used at this time or later. */
    public KeyFilter unusedSince(Instant time) {
        Objects.requireNonNull(time, "time");
        return new KeyFilter(owners, texts, life, new UseCondition(ApiKey.millis(time), use.everUsed()));
    }

    /** Only keys that were never used. With {@link #unusedSince} only those that were issued before its time. */
    public KeyFilter neverUsed() {
        return new KeyFilter(owners, texts, life, new UseCondition(use.unusedSince(), UseCondition.Ever.NEVER));
    }

    private KeyFilter with(OwnerCondition condition) {
        return new KeyFilter(condition, texts, life, use);
    }

    private KeyFilter with(TextCondition condition) {
        return new KeyFilter(owners, condition, life, use);
    }

    private KeyFilter with(LifeCondition condition) {
        return new KeyFilter(owners, texts, condition, use);
    }

    /** Tells whether the key meets every condition; for stores that look at each key. */
    public boolean matches(ApiKey key) {
        Objects.requireNonNull(key, "key");
        return owners.matches(key) && life.matches(key) && use.matches(key) && texts.matches(key, owners);
    }

    /** The kind; empty: every kind. */
    public Optional<KeyKind> kind() {
        return Optional.ofNullable(owners.kind());
    }

    /** Tells whether the keys are those of one owner or user, so that a search is not about the owner. */
    public boolean isOneOwner() {
        return owners.isOneOwner();
    }

    /** The exact owner; empty: every owner. */
    public Optional<Owner> owner() {
        return Optional.ofNullable(owners.owner());
    }

    /** The user; empty: every user, and organizations without a user. */
    public Optional<String> user() {
        return Optional.ofNullable(owners.user());
    }

    /** The organization; empty: every one. */
    public Optional<String> organization() {
        return Optional.ofNullable(owners.organization());
    }

    /** The user or organization; empty: any. */
    public Optional<String> concerning() {
        return Optional.ofNullable(owners.party());
    }

    /** Tells whether revoked keys are left out. */
    public boolean leavesOutRevoked() {
        return life.revoked() == LifeCondition.Revoked.LEFT_OUT;
    }

    /** When the keys expire, from the earliest time that a store can hold if only an end is set; empty: at any time or never. */
    public Optional<Span> ending() {
        Instant from = life.endingFrom();
        Instant until = life.endingUntil();
        return from == null || until == null ? Optional.empty() : Optional.of(new Span(from, until));
    }

    /** The time at which the keys have not expired; empty: expired keys are shown too. */
    public Optional<Instant> liveAt() {
        return Optional.ofNullable(life.liveAt());
    }

    /** The status of the keys, and when they have it; empty: every status. */
    public Optional<StatusAt> status() {
        ApiKey.Status status = life.status();
        Instant at = life.statusAt();
        return status == null || at == null ? Optional.empty() : Optional.of(new StatusAt(status, at));
    }

    /** The time before which the keys were issued, and since which they were not used; empty: any. */
    public Optional<Instant> unusedSince() {
        return Optional.ofNullable(use.unusedSince());
    }

    /** Tells whether only keys are wanted that were never used. */
    public boolean wantsNeverUsed() {
        return use.everUsed() == UseCondition.Ever.NEVER;
    }

    /** The search text; empty: none. */
    public Optional<String> search() {
        return Optional.ofNullable(texts.search());
    }

    /** The entry of metadata; empty: any. */
    public Optional<Entry> metadata() {
        String name = texts.entryName();
        String value = texts.entryValue();
        return name == null || value == null ? Optional.empty() : Optional.of(new Entry(name, value));
    }
}
