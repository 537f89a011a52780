package dev.apikeys;

import dev.apikeys.mcp.McpPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of a key to change. The other fields stay as they were.
 *
 * <p>Immutable and thread-safe: every method gives a new value.
 */
public final class KeyUpdate {
    private static final KeyUpdate NOTHING = new KeyUpdate(null, null, null, UnaryOperator.identity(), null, null);

    private final @Nullable String name;
    private final @Nullable Grant grant;
    private final @Nullable List<IpRange> allowedFrom;
    private final UnaryOperator<KeyOptions> options;
    private final @Nullable Instant expiresAt;
    private final @Nullable Long version;

    private KeyUpdate(
            @Nullable String name,
            @Nullable Grant grant,
            @Nullable List<IpRange> allowedFrom,
            UnaryOperator<KeyOptions> options,
            @Nullable Instant expiresAt,
            @Nullable Long version) {
        this.name = name;
        this.grant = grant;
        this.allowedFrom = allowedFrom;
        this.options = options;
        this.expiresAt = expiresAt;
        this.version = version;
    }

    /** An update that changes nothing yet. */
    public static KeyUpdate nothing() {
        return NOTHING;
    }

    /**
     * Gives the key another name.
     *
     * @throws IllegalArgumentException when it is no name, as in {@link KeySpec#named}
     */
    public KeyUpdate named(String name) {
        return new KeyUpdate(KeyName.checked(name), grant, allowedFrom, options, expiresAt, version);
    }

    /** Gives the key another mode. A wider one must be within what the owner may do. */
    public KeyUpdate mode(Mode mode) {
        return new KeyUpdate(name, Grant.of(mode), allowedFrom, options, expiresAt, version);
    }

    /** Gives the key other scopes. Wider ones must be within what the owner may do. */
    public KeyUpdate scopes(Scopes scopes) {
        return new KeyUpdate(name, Grant.of(scopes), allowedFrom, options, expiresAt, version);
    }

    /**
     * Sets the addresses that the key may be used from.
     *
     * @param ranges as in {@link IpRange#parse}; an empty array: as {@link #allowedFromEverywhere()}
     * @throws IllegalArgumentException when one is no address or block, or there are more than
     *     {@value ApiKey#MAX_ALLOWED_FROM}
     */
    public KeyUpdate allowedFrom(String... ranges) {
        Objects.requireNonNull(ranges, "ranges");
        return new KeyUpdate(name, grant, IpRange.distinct(ranges), options, expiresAt, version);
    }

    /**
     * Changes what agents may do, starting from the policy at the moment of the change. If two calls change it at once,
     * both changes are made.
     *
     * @param change gives the new policy for the present one; it is called again if another call changed the key first
     */
    public KeyUpdate mcp(UnaryOperator<McpPolicy> change) {
        Objects.requireNonNull(change, "change");
        return changing(present -> present.with(change.apply(present.mcp())));
    }

    /**
     * Sets one entry of the key's metadata; the others stay.
     *
     * @param name 1 to {@value KeyOptions#MAX_METADATA_NAME_LENGTH} characters
     * @param value at most {@value KeyOptions#MAX_METADATA_VALUE_LENGTH} characters; empty removes the entry
     * @throws IllegalArgumentException when one of them is too long or holds a control character, or the name is blank; a
     *     key with too many entries is refused when the update is made
     */
    public KeyUpdate metadata(String name, String value) {
        // Checked at once, and again with the entries that the key has then.
        KeyOptions.DEFAULT.metadata(name, value);
        return changing(present -> present.metadata(name, value));
    }

    /**
     * Gives the key this metadata and no other.
     *
     * @throws IllegalArgumentException as {@link KeyOptions#with(Map)}
     */
    public KeyUpdate metadata(Map<String, String> metadata) {
        Map<String, String> all = KeyOptions.DEFAULT.with(metadata).metadata();
        return changing(present -> present.with(all));
    }

    private KeyUpdate changing(UnaryOperator<KeyOptions> change) {
        UnaryOperator<KeyOptions> before = options;
        return new KeyUpdate(
                name, grant, allowedFrom, present -> change.apply(before.apply(present)), expiresAt, version);
    }

    /** Lets the key be used from every address. */
    public KeyUpdate allowedFromEverywhere() {
        return new KeyUpdate(name, grant, List.of(), options, expiresAt, version);
    }

    /**
     * Gives the key another expiry. It must be in the future and earlier than the present one, unless the policy
     * {@linkplain KeyPolicy#expiryMayMoveLater() allows later ones}.
     *
     * @param end the first instant at which the key is rejected
     * @throws IllegalArgumentException when its year is none from 0 to 9999
     */
    public KeyUpdate expiresAt(Instant end) {
        Objects.requireNonNull(end, "end");
        return new KeyUpdate(name, grant, allowedFrom, options, ApiKey.givenTime(end), version);
    }

    /**
     * Changes the key only if it still has this version; otherwise the update fails with
     * {@link ConcurrentChangeException}. For callers that decided on what they had read.
     *
     * @param read the {@link ApiKey#version()} that the caller has read
     */
    public KeyUpdate ifStill(long read) {
        return new KeyUpdate(name, grant, allowedFrom, options, expiresAt, read);
    }

    /** The new name; empty when it stays. */
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /** The new grant; empty when it stays. */
    public Optional<Grant> grant() {
        return Optional.ofNullable(grant);
    }

    /** The new addresses; empty when they stay. */
    public Optional<List<IpRange>> allowedFrom() {
        return Optional.ofNullable(allowedFrom);
    }

    /** The new expiry; empty when it stays. */
    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(expiresAt);
    }

    /**
     * Tells whether the update lets the key do something that it can't do now: more scopes, addresses that were not
     * allowed, a later expiry, a policy for agents that isn't {@linkplain McpPolicy#isWithin within} the present one.
     *
     * @param scopesOf the scopes of a grant, as {@link KeyService#scopesOf} tells
     */
    public boolean widens(ApiKey key, Function<Grant, Scopes> scopesOf) {
        return new Widening(Objects.requireNonNull(scopesOf, "scopesOf"))
                .isIn(this, Objects.requireNonNull(key, "key"));
    }

    boolean isFor(ApiKey key) {
        return version == null || version == key.version();
    }

    /** The options after the update. */
    KeyOptions applied(KeyOptions present) {
        return options.apply(present);
    }
}
