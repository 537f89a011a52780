package dev.apikeys;

import dev.apikeys.ApiKey.LastUse;
import dev.apikeys.ApiKey.Revocation;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A key to import, by {@link KeyTransfer}: what it may do, its token as the other system stored it, and its history.
 * What the policy wouldn't allow for a new key has to be said explicitly.
 *
 * <pre>{@code
 * ImportedKey.of(spec, ImportedForm.laravelSanctum().token("17", hash))
 *     .createdAt(row.createdAt())
 *     .neverExpires()
 *     .beyondLimit();
 * }</pre>
 *
 * <p>Immutable and thread-safe: every method gives a new value.
 */
public final class ImportedKey {
    private final Source source;
    private final History history;
    private final Limit limit;

    private ImportedKey(Source source, History history, Limit limit) {
        this.source = source;
        this.history = history;
        this.limit = limit;
    }

    /** Where the key comes from. */
    sealed interface Source {
        /** From another system. */
        record Foreign(KeySpec spec, ImportedToken token) implements Source {}

        /** From another database of this library. */
        record Exported(ExportedKey key) implements Source {}
    }

    /** Whether the limit of the policy holds for the key. */
    enum Limit {
        HOLDS,
        PASSED
    }

    /**
     * What became of the key until now. An instant that is null is the one that a new key has.
     *
     * @param ending null for the lifetime of the spec
     */
    record History(
            @Nullable Instant createdAt,
            @Nullable Ending ending,
            @Nullable Instant pausedAt,
            @Nullable Revocation revocation,
            @Nullable LastUse lastUse) {
        static final History NONE = new History(null, null, null, null, null);

        /** When the key ends, whatever the policy says; null: never. */
        record Ending(@Nullable Instant at) {}
    }

    /** A key of another system. Expiry, limits and scopes are those of a new key, unless other methods say more. */
    public static ImportedKey of(KeySpec spec, ImportedToken token) {
        Objects.requireNonNull(spec, "spec");
        Objects.requireNonNull(token, "token");
        return new ImportedKey(new Source.Foreign(spec, token), History.NONE, Limit.HOLDS);
    }

    /**
     * A key of another database, with all that was stored of it. It is imported past any limit.
     *
     * @throws IllegalArgumentException when one of its times has a year that is none from 0 to 9999
     */
    public static ImportedKey of(ExportedKey exported) {
        Objects.requireNonNull(exported, "exported");
        exported.times().forEach(ApiKey::givenTime);
        return new ImportedKey(new Source.Exported(exported), History.NONE, Limit.PASSED);
    }

    /** Imports the key even if the owner has as many active keys as the policy allows. */
    public ImportedKey beyondLimit() {
        return new ImportedKey(source, history, Limit.PASSED);
    }

    /**
     * When the other system issued the key; without it the time of the import.
     *
     * @throws IllegalArgumentException when its year is none from 0 to 9999, as for each time below
     */
    public ImportedKey createdAt(Instant created) {
        Objects.requireNonNull(created, "created");
        return with(new History(
                ApiKey.givenTime(created), history.ending, history.pausedAt, history.revocation, history.lastUse));
    }

    /** The key ends then, in the past or the future, whatever the policy says. */
    public ImportedKey expiresAt(Instant end) {
        Objects.requireNonNull(end, "end");
        return ending(new History.Ending(ApiKey.givenTime(end)));
    }

    /** The key has no expiry, whatever the policy says. */
    public ImportedKey neverExpires() {
        return ending(new History.Ending(null));
    }

    /** The key is paused since then. */
    public ImportedKey pausedAt(Instant since) {
        Objects.requireNonNull(since, "since");
        return with(new History(
                history.createdAt, history.ending, ApiKey.givenTime(since), history.revocation, history.lastUse));
    }

    /** The key was revoked in the other system. */
    public ImportedKey revoked(Revocation revocation) {
        Objects.requireNonNull(revocation, "revocation");
        Revocation toTheMillisecond =
                new Revocation(ApiKey.givenTime(revocation.at()), revocation.by(), revocation.reason());
        return with(
                new History(history.createdAt, history.ending, history.pausedAt, toTheMillisecond, history.lastUse));
    }

    /** When the key was last used in the other system. */
    public ImportedKey lastUsed(LastUse use) {
        Objects.requireNonNull(use, "use");
        LastUse toTheMillisecond = new LastUse(ApiKey.givenTime(use.at()), use.address());
        return with(
                new History(history.createdAt, history.ending, history.pausedAt, history.revocation, toTheMillisecond));
    }

    Source source() {
        return source;
    }

    History history() {
        return history;
    }

    Limit limit() {
        return limit;
    }

    private ImportedKey ending(History.Ending ending) {
        return with(new History(history.createdAt, ending, history.pausedAt, history.revocation, history.lastUse));
    }

    /** An exported key has its own history. */
    private ImportedKey with(History changed) {
        if (source instanceof Source.Exported) {
            throw new IllegalStateException("an exported key keeps its history");
        }
        return new ImportedKey(source, changed, limit);
    }

    /** Leaves the hashes out. */
    @Override
    public String toString() {
        return "ImportedKey[" + source + "]";
    }
}
