package dev.apikeys;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which fields of a key to change; what is not named stays as it was.
 *
 * <p>Immutable and thread-safe: every method gives a new value.
 */
public final class KeyUpdate {
    private static final KeyUpdate NOTHING = new KeyUpdate(null, null, null);

    private final @Nullable String name;
    private final @Nullable Grant grant;
    private final @Nullable List<IpRange> allowedFrom;

    private KeyUpdate(@Nullable String name, @Nullable Grant grant, @Nullable List<IpRange> allowedFrom) {
        this.name = name;
        this.grant = grant;
        this.allowedFrom = allowedFrom;
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
    public KeyUpdate named(String newName) {
        return new KeyUpdate(KeyName.checked(newName), grant, allowedFrom);
    }

    /** Gives the key another mode. A wider one must be within what the owner may do. */
    public KeyUpdate mode(Mode newMode) {
        return new KeyUpdate(name, Grant.of(newMode), allowedFrom);
    }

    /** Gives the key other scopes. Wider ones must be within what the owner may do. */
    public KeyUpdate scopes(Scopes newScopes) {
        return new KeyUpdate(name, Grant.of(newScopes), allowedFrom);
    }

    /**
     * Sets the addresses that the key may be used from.
     *
     * @param ranges as in {@link IpRange#parse}; an empty array: as {@link #allowedFromEverywhere()}
     * @throws IllegalArgumentException when one is no address or block
     */
    public KeyUpdate allowedFrom(String... ranges) {
        return new KeyUpdate(
                name, grant, Arrays.stream(ranges).map(IpRange::parse).toList());
    }

    /** Lets the key be used from every address. */
    public KeyUpdate allowedFromEverywhere() {
        return new KeyUpdate(name, grant, List.of());
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
}
