package dev.apikeys;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How long keys live, how many keys an owner may have, and how long the old token works after a rotation.
 *
 * <p>Immutable and thread-safe: every method gives a new value.
 */
public final class KeyPolicy {
    /**
     * A lifetime of 90 days, at most 365, and every key expires; 5 active personal keys for each owner, 20 workspace
     * keys, 100 keys of an organization; one day of grace after a rotation.
     */
    public static final KeyPolicy DEFAULT = new KeyPolicy(
            Duration.ofDays(90),
            Duration.ofDays(365),
            Duration.ofHours(24),
            Map.of(KeyKind.PERSONAL, 5, KeyKind.WORKSPACE, 20, KeyKind.ORGANIZATION, 100),
            Set.of(),
            Prolonging.REFUSED);

    /** Longest grace after a rotation. */
    public static final Duration MAX_GRACE = Duration.ofDays(7);

    /** The highest limit of active keys for one owner. */
    public static final int MAX_ACTIVE_KEYS = 10_000;

    private final Duration defaultLifetime;
    private final Duration maxLifetime;
    private final Duration rotationGrace;
    private final Map<KeyKind, Integer> maxActive;
    private final Set<KeyKind> mayNeverExpire;
    private final Prolonging prolonging;

    private enum Prolonging {
        REFUSED,
        ALLOWED
    }

    private KeyPolicy(
            Duration defaultLifetime,
            Duration maxLifetime,
            Duration rotationGrace,
            Map<KeyKind, Integer> maxActive,
            Set<KeyKind> mayNeverExpire,
            Prolonging prolonging) {
        if (defaultLifetime.compareTo(maxLifetime) > 0) {
            throw new IllegalArgumentException(
                    "the default lifetime " + defaultLifetime + " is longer than the longest, " + maxLifetime);
        }
        this.defaultLifetime = defaultLifetime;
        this.maxLifetime = maxLifetime;
        this.rotationGrace = rotationGrace;
        this.maxActive = maxActive;
        this.mayNeverExpire = mayNeverExpire;
        this.prolonging = prolonging;
    }

    /**
     * The default lifetime, and the longest one.
     *
     * @throws IllegalArgumentException if one is not positive, or the default is longer than the longest
     */
    public KeyPolicy lifetime(Duration usual, Duration longest) {
        Objects.requireNonNull(usual, "usual");
        Objects.requireNonNull(longest, "longest");
        return new KeyPolicy(positive(usual), positive(longest), rotationGrace, maxActive, mayNeverExpire, prolonging);
    }

    /**
     * How long the old token works after a rotation.
     *
     * @throws IllegalArgumentException unless it is 0 to 7 days
     */
    public KeyPolicy rotationGrace(Duration grace) {
        return new KeyPolicy(defaultLifetime, maxLifetime, checkedGrace(grace), maxActive, mayNeverExpire, prolonging);
    }

    /**
     * How many keys of the kind an owner may have that are neither revoked nor expired.
     *
     * @throws IllegalArgumentException unless it is 1 to {@value #MAX_ACTIVE_KEYS}
     */
    public KeyPolicy maxActive(KeyKind kind, int keys) {
        Objects.requireNonNull(kind, "kind");
        if (keys < 1 || keys > MAX_ACTIVE_KEYS) {
            throw new IllegalArgumentException("an owner may have 1 to " + MAX_ACTIVE_KEYS + " keys: " + keys);
        }
        Map<KeyKind, Integer> changed = new EnumMap<>(maxActive);
        changed.put(kind, keys);
        return new KeyPolicy(
                defaultLifetime,
                maxLifetime,
                rotationGrace,
                Collections.unmodifiableMap(changed),
                mayNeverExpire,
                prolonging);
    }

    /** Lets the keys of organizations be issued without an expiry. Personal and workspace keys always have one. */
    public KeyPolicy organizationKeysMayNeverExpire() {
        return new KeyPolicy(
                defaultLifetime, maxLifetime, rotationGrace, maxActive, EnumSet.of(KeyKind.ORGANIZATION), prolonging);
    }

    /**
     * Lets the expiry of a key be moved later, up to the longest lifetime from then on. By default, it can only be moved
     * earlier, so that nobody keeps a key alive for ever.
     */
    public KeyPolicy expiryMayMoveLater() {
        return new KeyPolicy(
                defaultLifetime, maxLifetime, rotationGrace, maxActive, mayNeverExpire, Prolonging.ALLOWED);
    }

    /** Tells whether the expiry of a key may be moved later. */
    public boolean allowsLaterExpiry() {
        return prolonging == Prolonging.ALLOWED;
    }

    /**
     * Tells whether the expiry of a key may be changed to this time: it is in the future, and not later than the present
     * expiry, or, if later ones are allowed, than the longest lifetime from now on.
     *
     * @param now the present time, as in {@link KeyService#now()}
     */
    public boolean allowsExpiry(ApiKey key, Instant end, Instant now) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(end, "end");
        Objects.requireNonNull(now, "now");
        Instant present = key.expiresAt();
        if (!end.isAfter(now)) {
            return false;
        }
        boolean earlier = present == null || !end.isAfter(present);
        return earlier || (allowsLaterExpiry() && Duration.between(now, end).compareTo(maxLifetime) <= 0);
    }

    /** How many active keys of the kind an owner may have. */
    public int maxActive(KeyKind kind) {
        Objects.requireNonNull(kind, "kind");
        return maxActive.getOrDefault(kind, 1);
    }

    /** Tells whether keys of the kind may be issued without an expiry. */
    public boolean mayNeverExpire(KeyKind kind) {
        Objects.requireNonNull(kind, "kind");
        return mayNeverExpire.contains(kind);
    }

    /** The default lifetime of a key. */
    public Duration defaultLifetime() {
        return defaultLifetime;
    }

    /** The longest lifetime of a key. */
    public Duration maxLifetime() {
        return maxLifetime;
    }

    /** How long the old token works after a rotation. */
    public Duration rotationGrace() {
        return rotationGrace;
    }

    @Nullable
    Instant expiry(KeySpec spec, Instant now) {
        Instant created = ApiKey.millis(now);
        KeySpec.Lifetime lifetime = spec.lifetime();
        if (lifetime instanceof KeySpec.Lifetime.Unlimited) {
            if (!mayNeverExpire.contains(spec.kind())) {
                throw new IllegalArgumentException("keys of kind " + spec.kind() + " must expire");
            }
            return null;
        }
        Duration ahead = defaultLifetime;
        Object asked = ahead;
        if (lifetime instanceof KeySpec.Lifetime.For wanted) {
            ahead = wanted.duration();
            asked = ahead;
        } else if (lifetime instanceof KeySpec.Lifetime.Until wanted) {
            ahead = Duration.between(created, wanted.end());
            asked = wanted.end();
        }
        Duration untilLatest = Duration.between(created, ApiKey.LATEST);
        if (ahead.compareTo(Duration.ofMillis(1)) < 0
                || ahead.compareTo(maxLifetime) > 0
                || ahead.compareTo(untilLatest) > 0) {
            throw new IllegalArgumentException(
                    "a key's expiry lies in the future, at most " + inDays(maxLifetime) + " ahead: " + asked);
        }
        return ApiKey.millis(created.plus(ahead));
    }

    static Duration checkedGrace(Duration grace) {
        Objects.requireNonNull(grace, "grace");
        if (grace.isNegative() || grace.compareTo(MAX_GRACE) > 0) {
            throw new IllegalArgumentException("the grace after a rotation is 0 to 7 days: " + grace);
        }
        return grace;
    }

    private static String inDays(Duration duration) {
        return duration.equals(Duration.ofDays(duration.toDays())) ? duration.toDays() + " days" : duration.toString();
    }

    private static Duration positive(Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("a lifetime is positive: " + duration);
        }
        return duration;
    }
}
