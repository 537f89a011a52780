package dev.apikeys;

import dev.apikeys.mcp.McpPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of a key to change. The other fields stay as they were.
 *
 * <p>Immutable and thread-safe: every method gives a new value.
 */
public final class KeyUpdate {
    private static final KeyUpdate NOTHING = new KeyUpdate(null, null, null, null);

    private final @Nullable String name;
    private final @Nullable Grant grant;
    private final @Nullable List<IpRange> allowedFrom;
    private final @Nullable UnaryOperator<McpPolicy> mcp;

    private KeyUpdate(
            @Nullable String name,
            @Nullable Grant grant,
            @Nullable List<IpRange> allowedFrom,
            @Nullable UnaryOperator<McpPolicy> mcp) {
        this.name = name;
        this.grant = grant;
        this.allowedFrom = allowedFrom;
        this.mcp = mcp;
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
        return new KeyUpdate(KeyName.checked(name), grant, allowedFrom, mcp);
    }

    /** Gives the key another mode. A wider one must be within what the owner may do. */
    public KeyUpdate mode(Mode mode) {
        return new KeyUpdate(name, Grant.of(mode), allowedFrom, mcp);
    }

    /** Gives the key other scopes. Wider ones must be within what the owner may do. */
    public KeyUpdate scopes(Scopes scopes) {
        return new KeyUpdate(name, Grant.of(scopes), allowedFrom, mcp);
    }

    /**
     * Sets the addresses that the key may be used from.
     *
     * @param ranges as in {@link IpRange#parse}; an empty array: as {@link #allowedFromEverywhere()}
     * @throws IllegalArgumentException when one is no address or block
     */
    public KeyUpdate allowedFrom(String... ranges) {
        Objects.requireNonNull(ranges, "ranges");
        return new KeyUpdate(
                name, grant, Arrays.stream(ranges).map(IpRange::parse).toList(), mcp);
    }

    /**
     * Changes what agents may do, starting from the policy at the moment of the change. If two calls change it at once,
     * both changes are made.
     *
     * @param change gives the new policy for the present one; it is called again if another call changed the key first
     */
    public KeyUpdate mcp(UnaryOperator<McpPolicy> change) {
        Objects.requireNonNull(change, "change");
        return new KeyUpdate(name, grant, allowedFrom, change);
    }

    /** Lets the key be used from every address. */
    public KeyUpdate allowedFromEverywhere() {
        return new KeyUpdate(name, grant, List.of(), mcp);
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

    McpPolicy mcp(McpPolicy present) {
        return mcp == null ? present : mcp.apply(present);
    }
}
